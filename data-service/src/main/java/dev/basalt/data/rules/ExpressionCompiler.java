package dev.basalt.data.rules;

import dev.basalt.data.quoting.Quoted;
import dev.basalt.data.rules.SqlValue.Kind;
import dev.cel.common.CelSource;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.CelComprehension;
import dev.cel.common.ast.CelExpr.CelSelect;
import dev.cel.common.ast.CelExpr.ExprKind;
import io.vertx.core.json.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The tree of one rule as SQL. One for each rule; not safe for use by several threads. */
final class ExpressionCompiler {
    private static final int MAX_NESTED_LISTS = 2;

    private final CelSource source;
    private final Variables variables;
    private final Conversions conversions;
    private final Comparisons comparisons;
    private final Arithmetic arithmetic;
    private final Lists lists;
    private final Functions functions;
    private final Map<String, SqlValue> elements = new HashMap<>();
    private int depth;

    ExpressionCompiler(CelSource source, Variables variables) {
        this.source = source;
        this.variables = variables;
        var binder = new Binder();
        this.conversions = new Conversions(binder);
        this.comparisons = new Comparisons(binder, conversions);
        this.arithmetic = new Arithmetic(binder, conversions);
        this.lists = new Lists(binder, conversions);
        this.functions = new Functions(binder, conversions);
    }

    /** The expression as a condition. */
    SqlValue condition(CelExpr expression) {
        return placed(expression, () -> conversions.toBool(compile(expression)));
    }

    private SqlValue compile(CelExpr expression) {
        return placed(expression, () -> switch (expression.getKind()) {
            case CONSTANT -> constant(expression.constant());
            case IDENT -> identifier(expression.ident().name());
            case SELECT -> select(expression.select());
            case CALL -> call(expression.call());
            case LIST -> lists.list(compileAll(expression.list().elements()));
            case COMPREHENSION -> quantified(expression.comprehension());
            case MAP, STRUCT -> throw new InexpressibleException("A rule can't write maps.");
            case NOT_SET -> throw new IllegalStateException("an empty expression");
        });
    }

    private List<SqlValue> compileAll(List<CelExpr> expressions) {
        return expressions.stream().map(this::compile).toList();
    }

    private SqlValue placed(CelExpr expression, Supplier<SqlValue> compilation) {
        try {
            return compilation.get();
        } catch (InexpressibleException unplaced) {
            throw unplaced.at(place(expression));
        }
    }

    private CelSourceLocation place(CelExpr expression) {
        return Optional.ofNullable(source.getPositionsMap().get(expression.id()))
                .flatMap(source::getOffsetLocation)
                .orElse(CelSourceLocation.of(1, 0));
    }

    private static SqlValue constant(CelConstant constant) {
        return switch (constant.getKind()) {
            case NULL_VALUE -> SqlValue.json("null");
            case BOOLEAN_VALUE -> {
                var text = Boolean.toString(constant.booleanValue());
                yield SqlValue.constant(Kind.BOOL, text, text);
            }
            case INT64_VALUE -> Arithmetic.constant(constant.int64Value());
            case DOUBLE_VALUE -> Arithmetic.constant(constant.doubleValue());
            case STRING_VALUE -> string(constant.stringValue());
            default -> throw new InexpressibleException("A rule has no unsigned numbers and no bytes.");
        };
    }

    private static SqlValue string(String text) {
        if (!Quoted.isText(text)) {
            throw new InexpressibleException("The string holds a NUL or half a character, which no document can.");
        }
        return SqlValue.constant(Kind.STRING, Quoted.literal(text) + "::text", Json.encode(text));
    }

    private SqlValue identifier(String name) {
        var element = elements.get(name);
        if (element != null) {
            return element;
        }
        throw new InexpressibleException(
                Variables.isVariable(name)
                        ? "\"" + name + "\" is no value of its own: use one of its fields"
                                + (name.equals(Variables.AUTH) ? ", or compare it with null." : ".")
                        : "\"" + name + "\" is a type; a rule can't compute with types.");
    }

    /** Whether the expression is one of the rule's own variables, not hidden by an element of the same name. */
    private boolean isVariable(CelExpr expression) {
        return expression.getKind() == ExprKind.Kind.IDENT
                && Variables.isVariable(expression.ident().name())
                && !elements.containsKey(expression.ident().name());
    }

    private boolean isField(CelExpr expression, String variable, String field) {
        return expression.getKind() == ExprKind.Kind.SELECT
                && !expression.select().testOnly()
                && expression.select().field().equals(field)
                && isVariable(expression.select().operand())
                && expression.select().operand().ident().name().equals(variable);
    }

    private SqlValue select(CelSelect select) {
        var field = select.field();
        if (isVariable(select.operand())) {
            var variable = select.operand().ident().name();
            if (!select.testOnly()) {
                return variables.field(variable, field);
            }
            var has = Variables.has(variable, field);
            if (has == null) {
                throw new InexpressibleException("\"" + variable + "." + field + "\" is always there.");
            }
            return has;
        }
        var operand = compile(select.operand());
        if (operand.kind() != Kind.JSON) {
            throw new InexpressibleException("A " + operand.kind().celName() + " has no fields.");
        }
        return select.testOnly() ? lists.has(operand, string(field)) : lists.index(operand, string(field));
    }

    private SqlValue call(CelCall call) {
        var arguments = call.args();
        return switch (call.function()) {
            case "_&&_" -> connective("AND", arguments);
            case "_||_" -> connective("OR", arguments);
            case "!_" -> SqlValue.of(Kind.BOOL, "(NOT %s)", condition(arguments.getFirst()));
            case "_?_:_" -> choice(arguments);
            case "_==_" -> equal(arguments);
            case "_!=_" -> SqlValue.of(Kind.BOOL, "(NOT %s)", equal(arguments));
            case "_<_", "_<=_", "_>_", "_>=_" ->
                comparisons.ordered(
                        call.function().replace("_", ""), compile(arguments.getFirst()), compile(arguments.getLast()));
            case "_+_", "_-_", "_*_", "_/_", "_%_" ->
                arithmetic.calculate(
                        call.function().charAt(1), compile(arguments.getFirst()), compile(arguments.getLast()));
            case "-_" -> arithmetic.negate(compile(arguments.getFirst()));
            case "_[_]" -> lists.index(compile(arguments.getFirst()), compile(arguments.getLast()));
            case "@in" -> in(arguments.getFirst(), arguments.getLast());
            case "size" -> lists.size(compile(call.target().orElseGet(arguments::getFirst)));
            default ->
                functions.call(
                        call.function(),
                        Stream.concat(call.target().stream(), arguments.stream())
                                .map(this::compile)
                                .toList());
        };
    }

    /** SQL's three-valued AND and OR are CEL's: what decides alone decides, whatever fails beside it. */
    private SqlValue connective(String operator, List<CelExpr> arguments) {
        return arguments.stream()
                .map(this::condition)
                .reduce((left, right) -> SqlValue.of(Kind.BOOL, "(%s " + operator + " %s)", left, right))
                .orElseThrow();
    }

    private SqlValue choice(List<CelExpr> arguments) {
        var condition = condition(arguments.getFirst());
        var then = compile(arguments.get(1));
        var otherwise = compile(arguments.getLast());
        var kind = then.kind();
        if (kind != otherwise.kind()) {
            if (kind.isNumeric() && otherwise.kind().isNumeric()) {
                kind = Kind.NUMBER;
            } else {
                kind = Kind.JSON;
                then = conversions.toJson(then);
                otherwise = conversions.toJson(otherwise);
            }
        }
        return SqlValue.of(kind, "CASE %s WHEN true THEN %s WHEN false THEN %s END", condition, then, otherwise);
    }

    private SqlValue equal(List<CelExpr> arguments) {
        var left = arguments.getFirst();
        var right = arguments.getLast();
        for (var pair : List.of(List.of(left, right), List.of(right, left))) {
            var one = pair.getFirst();
            var other = pair.getLast();
            if (isVariable(one) && one.ident().name().equals(Variables.AUTH) && isNull(other)) {
                return Variables.isAnonymous();
            }
            if (isField(other, Variables.AUTH, Variables.UID)) {
                for (var variable : List.of(Variables.RESOURCE, Variables.REQUEST)) {
                    if (isField(one, variable, Variables.OWNER)) {
                        return variables.ownedByCaller(variable);
                    }
                }
            }
        }
        return comparisons.equal(compile(left), compile(right));
    }

    private static boolean isNull(CelExpr expression) {
        return expression.getKind() == ExprKind.Kind.CONSTANT
                && expression.constant().getKind() == CelConstant.Kind.NULL_VALUE;
    }

    private SqlValue in(CelExpr value, CelExpr container) {
        return container.getKind() == ExprKind.Kind.LIST
                ? lists.in(compile(value), compileAll(container.list().elements()))
                : lists.in(compile(value), compile(container));
    }

    /** {@code exists} and {@code all}, as the parser writes them out. */
    private SqlValue quantified(CelComprehension comprehension) {
        var step = comprehension.loopStep().call();
        var quantifier = switch (step.function()) {
            case "_||_" -> "ANY";
            case "_&&_" -> "ALL";
            default -> throw new InexpressibleException("Of a list, a rule can say exists(…) and all(…).");
        };
        if (depth == MAX_NESTED_LISTS) {
            throw new InexpressibleException(
                    "At most " + MAX_NESTED_LISTS + " lists can be gone through inside each other.");
        }
        var range = compile(comprehension.iterRange());
        var name = comprehension.iterVar();
        return lists.quantified(quantifier, range, SqlValue.element(depth), element -> {
            var hidden = elements.put(name, element);
            depth++;
            var condition = condition(step.args().getLast());
            depth--;
            if (hidden == null) {
                elements.remove(name);
            } else {
                elements.put(name, hidden);
            }
            return condition;
        });
    }
}
