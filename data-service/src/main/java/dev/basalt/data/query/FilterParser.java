package dev.basalt.data.query;

import dev.basalt.data.query.Condition.Logic;
import dev.basalt.data.query.Operation.BinaryOperator;
import dev.basalt.data.query.Operation.Comparison;
import dev.basalt.data.query.Operation.IsOperand;
import dev.basalt.data.query.Operation.Quantifier;
import dev.basalt.data.query.Operation.SearchFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads filters and logic groups; collects their values as it goes.
 *
 * <p>Not safe for use by several threads; one serves one query string.
 */
final class FilterParser {
    private static final String OPERATOR = "operator (eq, gt, ...)";

    private static final Pattern FILTER = Pattern.compile(
            "(not|(eq|gte?|lte?|i?like|i?match)(\\((any|all)\\))?"
                    + "|neq|in|is|isdistinct|cs|cd|ov|sl|sr|nx[rl]|adj|(|pl|ph|w)fts(\\([^)]*\\))?)\\..*",
            Pattern.DOTALL);

    private final List<String> values;
    private final boolean dotted;

    FilterParser(List<String> values) {
        this(values, false);
    }

    /**
     * A parser.
     *
     * @param values where the values go
     * @param dotted whether fields are dotted paths into documents; quoted values keep their quotes then, because a quoted
     *     number is a string there
     */
    FilterParser(List<String> values, boolean dotted) {
        this.values = values;
        this.dotted = dotted;
    }

    /** Whether a text starts as a filter does; in a call, what does not is an argument. */
    static boolean isFilter(String text) {
        return FILTER.matcher(text).matches();
    }

    /** The right side of {@code field=not.op.value}. */
    Condition.Filter filter(Field field, String text) {
        var cursor = new Cursor("filter", text);
        var filter = filter(field, cursor, false);
        cursor.expectEnd("end of input");
        return filter;
    }

    /** The right side of {@code or=(…)}. */
    Condition.Group group(boolean negated, Logic logic, String text) {
        var cursor = new Cursor("logic tree", text);
        var group = group(negated, logic, cursor, 1);
        cursor.expectEnd("end of input");
        return group;
    }

    private Condition.Group group(boolean negated, Logic logic, Cursor cursor, int depth) {
        if (depth > QueryParser.MAX_DEPTH) {
            throw cursor.failure("logic is nested deeper than " + QueryParser.MAX_DEPTH + " levels");
        }
        cursor.skipBlanks();
        cursor.expect('(', "\"(\"");
        var members = new ArrayList<Condition>();
        do {
            cursor.skipBlanks();
            members.add(member(cursor, depth));
            cursor.skipBlanks();
        } while (cursor.accept(','));
        cursor.expect(')', "\",\" or \")\"");
        cursor.skipBlanks();
        return new Condition.Group(negated, logic, members);
    }

    private Condition member(Cursor cursor, int depth) {
        int start = cursor.position();
        boolean negated = cursor.accept("not.");
        if (cursor.accept("and")) {
            if (opensGroup(cursor)) {
                return group(negated, Logic.AND, cursor, depth + 1);
            }
        } else if (cursor.accept("or") && opensGroup(cursor)) {
            return group(negated, Logic.OR, cursor, depth + 1);
        }
        cursor.reset(start);
        if (cursor.peek() == ')' || cursor.peek() == ',') {
            throw cursor.unexpected(
                    "field name (* or [a..z0..9_$]), negation operator (not) or logic operator (and, or)");
        }
        var field = dotted ? dottedField(cursor) : cursor.field();
        cursor.expect('.', "delimiter (.)");
        return filter(field, cursor, true);
    }

    /** Names up to where an operator stands; a name that is one of theirs is quoted. */
    private static Field dottedField(Cursor cursor) {
        cursor.skipBlanks();
        var steps = new ArrayList<String>(4);
        steps.add(cursor.fieldName());
        while (cursor.peek() == '.' && !isFilter(cursor.ahead(1))) {
            cursor.advance();
            steps.add(cursor.fieldName());
        }
        return Field.ofPath(steps);
    }

    private static boolean opensGroup(Cursor cursor) {
        int start = cursor.position();
        cursor.skipBlanks();
        boolean opens = cursor.peek() == '(';
        cursor.reset(start);
        return opens;
    }

    private Condition.Filter filter(Field field, Cursor cursor, boolean inGroup) {
        boolean negated = cursor.accept("not.");
        return new Condition.Filter(field, negated, operation(cursor, inGroup, negated));
    }

    private Operation operation(Cursor cursor, boolean inGroup, boolean negated) {
        int start = cursor.position();
        var name = cursor.word();
        return switch (name) {
            case "eq" -> compare(Comparison.EQ, cursor, inGroup);
            case "gt" -> compare(Comparison.GT, cursor, inGroup);
            case "gte" -> compare(Comparison.GTE, cursor, inGroup);
            case "lt" -> compare(Comparison.LT, cursor, inGroup);
            case "lte" -> compare(Comparison.LTE, cursor, inGroup);
            case "like" -> compare(Comparison.LIKE, cursor, inGroup);
            case "ilike" -> compare(Comparison.ILIKE, cursor, inGroup);
            case "match" -> compare(Comparison.MATCH, cursor, inGroup);
            case "imatch" -> compare(Comparison.IMATCH, cursor, inGroup);
            case "neq" -> binary(BinaryOperator.NEQ, cursor, inGroup);
            case "cs" -> binary(BinaryOperator.CONTAINS, cursor, inGroup);
            case "cd" -> binary(BinaryOperator.CONTAINED, cursor, inGroup);
            case "ov" -> binary(BinaryOperator.OVERLAPS, cursor, inGroup);
            case "sl" -> binary(BinaryOperator.STRICTLY_LEFT, cursor, inGroup);
            case "sr" -> binary(BinaryOperator.STRICTLY_RIGHT, cursor, inGroup);
            case "nxr" -> binary(BinaryOperator.NOT_EXTENDS_RIGHT, cursor, inGroup);
            case "nxl" -> binary(BinaryOperator.NOT_EXTENDS_LEFT, cursor, inGroup);
            case "adj" -> binary(BinaryOperator.ADJACENT, cursor, inGroup);
            case "in" -> in(cursor);
            case "is" -> is(cursor);
            case "isdistinct" -> {
                delimiter(cursor);
                yield new Operation.IsDistinct(keep(value(cursor, inGroup)));
            }
            case "fts" -> search(SearchFunction.TO_TSQUERY, cursor, inGroup);
            case "plfts" -> search(SearchFunction.PLAINTO_TSQUERY, cursor, inGroup);
            case "phfts" -> search(SearchFunction.PHRASETO_TSQUERY, cursor, inGroup);
            case "wfts" -> search(SearchFunction.WEBSEARCH_TO_TSQUERY, cursor, inGroup);
            default -> {
                cursor.reset(start);
                throw cursor.unexpected(negated ? OPERATOR : "\"not\" or " + OPERATOR);
            }
        };
    }

    private Operation compare(Comparison operator, Cursor cursor, boolean inGroup) {
        Quantifier quantifier = null;
        if (cursor.accept("(any)")) {
            quantifier = Quantifier.ANY;
        } else if (cursor.accept("(all)")) {
            quantifier = Quantifier.ALL;
        }
        delimiter(cursor);
        var value = value(cursor, inGroup);
        if (operator == Comparison.LIKE || operator == Comparison.ILIKE) {
            value = value.replace('*', '%');
        }
        return new Operation.Compare(operator, quantifier, keep(value));
    }

    private Operation binary(BinaryOperator operator, Cursor cursor, boolean inGroup) {
        delimiter(cursor);
        return new Operation.Binary(operator, keep(value(cursor, inGroup)));
    }

    private Operation search(SearchFunction function, Cursor cursor, boolean inGroup) {
        String configuration = null;
        if (cursor.accept('(')) {
            configuration = cursor.identifier(OPERATOR);
            cursor.expect(')', "\")\"");
        }
        delimiter(cursor);
        return new Operation.TextSearch(function, configuration, keep(value(cursor, inGroup)));
    }

    private static Operation is(Cursor cursor) {
        delimiter(cursor);
        int start = cursor.position();
        var operand = switch (cursor.until(',', ')').strip().toLowerCase(Locale.ROOT)) {
            case "null" -> IsOperand.NULL;
            case "not_null" -> IsOperand.NOT_NULL;
            case "true" -> IsOperand.TRUE;
            case "false" -> IsOperand.FALSE;
            case "unknown" -> IsOperand.UNKNOWN;
            default -> {
                cursor.reset(start);
                throw cursor.unexpected("isVal: (null, not_null, true, false, unknown)");
            }
        };
        return new Operation.Is(operand);
    }

    private Operation in(Cursor cursor) {
        delimiter(cursor);
        cursor.skipBlanks();
        cursor.expect('(', "\"(\"");
        cursor.skipBlanks();
        var elements = new ArrayList<String>();
        do {
            var element = quotedWhole(cursor);
            if (element == null) {
                element = cursor.until(',', ')');
                if (elements.isEmpty() && element.isEmpty() && cursor.peek() == ')') {
                    break;
                }
            }
            elements.add(element);
        } while (cursor.accept(','));
        cursor.expect(')', "\",\" or \")\"");
        cursor.skipBlanks();
        return new Operation.In(keep(ArrayLiteral.of(elements)));
    }

    /** Outside a group a value is the rest of the text; inside it ends at a comma or a parenthesis. */
    private String value(Cursor cursor, boolean inGroup) {
        if (!inGroup && !dotted) {
            return cursor.rest();
        }
        var quoted = quotedWhole(cursor);
        if (quoted != null) {
            return dotted ? '"' + quoted + '"' : quoted;
        }
        if (!inGroup) {
            return cursor.rest();
        }
        var structure = dotted ? structureWhole(cursor) : null;
        if (structure != null) {
            return structure;
        }
        if (cursor.peek() == '{') {
            int start = cursor.position();
            cursor.advance();
            var members = cursor.until('{', '}');
            if (cursor.accept('}') && (cursor.atEnd() || cursor.peek() == ',' || cursor.peek() == ')')) {
                return "{" + members + "}";
            }
            cursor.reset(start);
        }
        return cursor.until(',', ')');
    }

    /** A quoted value that a comma, a parenthesis or the end follows; null (and no move) when what stands here is not. */
    private static @Nullable String quotedWhole(Cursor cursor) {
        if (cursor.peek() != '"') {
            return null;
        }
        int start = cursor.position();
        int closing = 1;
        while (cursor.peek(closing) != '"') {
            if (cursor.peek(closing) == '\0') {
                return null;
            }
            closing += cursor.peek(closing) == '\\' ? 2 : 1;
        }
        var value = cursor.quoted();
        if (cursor.atEnd() || cursor.peek() == ',' || cursor.peek() == ')') {
            return value;
        }
        cursor.reset(start);
        return null;
    }

    /**
     * A list or object that a comma, a parenthesis or the end follows, up to where its brackets close; null (and no move) when
     * what stands here is none.
     */
    private static @Nullable String structureWhole(Cursor cursor) {
        int length = 0;
        int open = 0;
        boolean inString = false;
        do {
            char c = cursor.peek(length++);
            switch (c) {
                case '\0' -> {
                    return null;
                }
                case '"' -> inString = !inString;
                case '\\' -> length += inString ? 1 : 0;
                case '[', '{' -> open += inString ? 0 : 1;
                case ']', '}' -> open -= inString ? 0 : 1;
                default -> {}
            }
        } while (open > 0);
        char next = cursor.peek(length);
        if (length == 1 || (next != ',' && next != ')' && next != '\0')) {
            return null;
        }
        return cursor.take(length);
    }

    private static void delimiter(Cursor cursor) {
        cursor.expect('.', "delimiter (.)");
    }

    private int keep(String value) {
        values.add(value);
        return values.size() - 1;
    }
}
