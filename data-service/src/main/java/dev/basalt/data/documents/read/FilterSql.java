package dev.basalt.data.documents.read;

import dev.basalt.data.documents.DocumentError;
import dev.basalt.data.documents.DocumentField;
import dev.basalt.data.documents.DocumentSql;
import dev.basalt.data.documents.StrictJson;
import dev.basalt.data.query.ArrayLiteral;
import dev.basalt.data.query.Condition;
import dev.basalt.data.query.Operation;
import dev.basalt.data.query.Operation.BinaryOperator;
import dev.basalt.data.query.Operation.Comparison;
import dev.basalt.data.query.Operation.IsOperand;
import dev.basalt.data.query.Operation.Quantifier;
import dev.basalt.kit.error.ApiException;
import io.vertx.core.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Conditions as SQL over documents.
 *
 * <p>A value in a query string has no type, so equality takes it for each thing that it may spell: {@code 5} is the number
 * and the string. An order needs one type: what looks like a number is one, unless it is quoted; and only values of that type
 * are compared. A value that an order is asked of is seen by PostgreSQL's planner, as how many documents it lets through decides
 * between an index and the order by id; the others are computed once a statement, by {@code (select …)}, however often a plan
 * is used again.
 */
final class FilterSql {
    private static final Pattern LITERAL =
            Pattern.compile("true|false|-?(0|[1-9][0-9]{0,308})(\\.[0-9]{1,300})?([eE][-+]?[0-9]{1,3})?");

    private final SqlText sql;
    private final List<String> values;

    FilterSql(SqlText sql, List<String> values) {
        this.sql = sql;
        this.values = values;
    }

    /** All the conditions. */
    String all(List<Condition> conditions) {
        return conditions.stream().map(this::condition).collect(Collectors.joining(" and "));
    }

    private String condition(Condition condition) {
        return switch (condition) {
            case Condition.Group(var negated, var logic, var members) ->
                members.stream()
                        .map(this::condition)
                        .collect(Collectors.joining(
                                logic == Condition.Logic.AND ? " and " : " or ", negated ? "not (" : "(", ")"));
            case Condition.Filter(var field, var negated, var operation) -> {
                var known = DocumentField.of(field);
                var text = known.isJson() ? json(known, operation) : column(known, operation);
                yield negated ? "not (" + text + ")" : "(" + text + ")";
            }
        };
    }

    private String json(DocumentField field, Operation operation) {
        var x = field.expression();
        return switch (operation) {
            case Operation.Compare(var operator, var quantifier, int value) ->
                compare(field, operator, quantifier, values.get(value));
            case Operation.Binary(var operator, int value) -> binary(x, operator, values.get(value));
            case Operation.In(int value) -> x + " = any (" + meanings(elements(values.get(value))) + ")";
            case Operation.Is(var operand) -> is(x, operand);
            case Operation.IsDistinct(int value) ->
                x + " is null or " + x + " <> all (" + meanings(List.of(values.get(value))) + ")";
            case Operation.TextSearch search -> search(field, search);
        };
    }

    private String compare(DocumentField field, Comparison operator, @Nullable Quantifier quantifier, String value) {
        var x = field.expression();
        if (operator.isPattern()) {
            return field.text() + " " + pattern(operator) + " " + patterns(quantifier, value) + " and jsonb_typeof(" + x
                    + ") = 'string'";
        }
        if (operator == Comparison.EQ && quantifier != Quantifier.ALL) {
            var candidates = quantifier == null ? List.of(value) : elements(value);
            return x + " = any (" + meanings(candidates) + ")";
        }
        if (quantifier != null) {
            throw refused("(any) goes with eq and patterns, (all) with patterns");
        }
        var typed = typed(value);
        return x + " " + order(operator) + " " + sql.decisive(typed.json()) + " and jsonb_typeof(" + x + ") = '"
                + typed.type() + "'";
    }

    private String binary(String x, BinaryOperator operator, String value) {
        return switch (operator) {
            case NEQ -> x + " <> all (" + meanings(List.of(value)) + ")";
            case CONTAINS -> {
                var listed = listed(value);
                yield listed == null
                        ? x + " @> any (" + meanings(List.of(value)) + ")"
                        : listed.stream()
                                .map(element -> x + " @> any (" + meanings(List.of(element)) + ")")
                                .collect(Collectors.joining(" and ", "", listed.isEmpty() ? x + " @> '[]'" : ""));
            }
            case CONTAINED -> {
                var listed = listed(value);
                yield x + " <@ (select "
                        + sql.text(
                                listed == null
                                        ? typed(value).json()
                                        : spelled(listed).toString()) + "::jsonb)";
            }
            case OVERLAPS -> {
                var listed = listed(value);
                yield "jsonb_typeof(" + x + ") = 'array' and " + x + " @> any ("
                        + meanings(listed == null ? List.of(value) : listed) + ")";
            }
            case STRICTLY_LEFT, STRICTLY_RIGHT, NOT_EXTENDS_RIGHT, NOT_EXTENDS_LEFT, ADJACENT ->
                throw refused("documents hold no ranges");
        };
    }

    private static String is(String x, IsOperand operand) {
        return switch (operand) {
            case NULL, UNKNOWN -> x + " is null or " + x + " = 'null'";
            case NOT_NULL -> x + " is not null and " + x + " <> 'null'";
            case TRUE -> x + " = 'true'";
            case FALSE -> x + " = 'false'";
        };
    }

    private String search(DocumentField field, Operation.TextSearch search) {
        var configuration = search.configuration() == null
                ? ""
                : DocumentSql.literal(search.configuration()) + "::pg_catalog.regconfig, ";
        var function = search.function().name().toLowerCase(java.util.Locale.ROOT);
        return "to_tsvector(" + configuration + field.text() + ") @@ " + function + "(" + configuration
                + sql.text(unquoted(values.get(search.value()))) + ")";
    }

    private String column(DocumentField field, Operation operation) {
        var x = field.expression();
        return switch (operation) {
            case Operation.Compare(var operator, var quantifier, int value)
            when operator.isPattern() ->
                field.text() + " " + pattern(operator) + " " + patterns(quantifier, values.get(value));
            case Operation.Compare(var operator, var quantifier, int value)
            when quantifier == null -> x + " " + order(operator) + " " + cast(field, values.get(value));
            case Operation.Binary(var operator, int value)
            when operator == BinaryOperator.NEQ -> x + " <> " + cast(field, values.get(value));
            case Operation.In(int value) ->
                x + " = any ("
                        + sql.texts(elements(values.get(value)).stream()
                                .map(FilterSql::unquoted)
                                .toList())
                        + "::" + field.type() + "[])";
            case Operation.Is(var operand) when operand == IsOperand.NULL -> x + " is null";
            case Operation.Is(var operand) when operand == IsOperand.NOT_NULL -> x + " is not null";
            case Operation.IsDistinct(int value) -> x + " is distinct from " + cast(field, values.get(value));
            default -> throw refused("the operator does not go with a field whose name begins with $");
        };
    }

    private String cast(DocumentField field, String value) {
        return sql.text(unquoted(value)) + "::" + field.type();
    }

    private String patterns(@Nullable Quantifier quantifier, String value) {
        if (quantifier == null) {
            return sql.text(unquoted(value));
        }
        return (quantifier == Quantifier.ANY ? "any (" : "all (") + sql.texts(elements(value)) + ")";
    }

    private String meanings(List<String> spelled) {
        // The cast behind the parentheses makes it an array to PostgreSQL, where it would be rows without.
        return "(select " + sql.texts(spelled(spelled)) + "::jsonb[])::jsonb[]";
    }

    /** As JSON texts, what each of the values may stand for. */
    private static List<String> spelled(List<String> values) {
        var meanings = new ArrayList<String>(values.size() * 2);
        for (var value : values) {
            meanings.add(Json.encode(unquoted(value)));
            if (!isQuoted(value) && isLiteral(value)) {
                meanings.add(value);
            } else if (isStructure(value)) {
                meanings.add(value);
            }
        }
        return meanings;
    }

    private record Typed(String json, String type) {}

    private static Typed typed(String value) {
        if (isQuoted(value) || !isLiteral(value)) {
            return isStructure(value)
                    ? new Typed(value, value.charAt(0) == '[' ? "array" : "object")
                    : new Typed(Json.encode(unquoted(value)), "string");
        }
        return new Typed(value, value.equals("true") || value.equals("false") ? "boolean" : "number");
    }

    private static boolean isLiteral(String value) {
        return LITERAL.matcher(value).matches()
                && (Character.isLetter(value.charAt(0)) || !Double.isInfinite(Double.parseDouble(value)));
    }

    private static boolean isStructure(String value) {
        return (value.startsWith("[") || value.startsWith("{\"") || value.equals("{}")) && StrictJson.isJson(value);
    }

    /** The elements of {@code {a,b}}, which is no JSON; null for anything else. */
    private static @Nullable List<String> listed(String value) {
        return isStructure(value) || isQuoted(value) ? null : ArrayLiteral.parse(value);
    }

    private static List<String> elements(String literal) {
        var elements = ArrayLiteral.parse(literal);
        if (elements == null) {
            throw refused("'" + literal + "' is no list: {a,b}");
        }
        return elements;
    }

    private static boolean isQuoted(String value) {
        return value.length() >= 2 && value.charAt(0) == '"' && value.charAt(value.length() - 1) == '"';
    }

    private static String unquoted(String value) {
        return isQuoted(value) ? value.substring(1, value.length() - 1) : value;
    }

    private static String order(Comparison operator) {
        return switch (operator) {
            case EQ -> "=";
            case GT -> ">";
            case GTE -> ">=";
            case LT -> "<";
            case LTE -> "<=";
            case LIKE, ILIKE, MATCH, IMATCH -> throw new IllegalArgumentException("a pattern has no order");
        };
    }

    private static String pattern(Comparison operator) {
        return switch (operator) {
            case LIKE -> "like";
            case ILIKE -> "ilike";
            case MATCH -> "~";
            case IMATCH -> "~*";
            case EQ, GT, GTE, LT, LTE -> throw new IllegalArgumentException("no pattern");
        };
    }

    private static ApiException refused(String detail) {
        return ApiException.of(DocumentError.INVALID_QUERY, detail);
    }
}
