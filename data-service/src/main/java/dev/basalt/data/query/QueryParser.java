package dev.basalt.data.query;

import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.query.Condition.Logic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parser of the REST query string.
 *
 * <p>Refuses with {@code PGRST100} and the position what does not follow the grammar, what nests deeper than {@link
 * #MAX_DEPTH} and what is longer than {@link #MAX_LENGTH}; with {@code PGRST103} a limit or offset that is no row count.
 * Stateless.
 */
public final class QueryParser {
    /** The deepest nesting of logic, embedding and JSON paths. */
    public static final int MAX_DEPTH = 32;

    /** The longest query string, in characters as sent. */
    public static final int MAX_LENGTH = 64 * 1024;

    private static final ParsedQuery EMPTY = new QueryParser(List.of()).parse();

    private final List<QueryString.Parameter> parameters;
    private final List<String> values = new ArrayList<>();
    private final FilterParser filters = new FilterParser(values);
    private final List<QueryShape.Where> where = new ArrayList<>();
    private final List<QueryShape.Order> order = new ArrayList<>();
    private final Map<List<String>, int[]> pages = new LinkedHashMap<>();
    private @Nullable List<SelectItem> select;
    private @Nullable List<String> columns;
    private @Nullable List<String> onConflict;
    private @Nullable Long limit;
    private @Nullable Long offset;

    private QueryParser(List<QueryString.Parameter> parameters) {
        this.parameters = parameters;
    }

    /**
     * Reads a query string.
     *
     * @param query as it stands in the URL, percent-encoded, without its {@code ?}; null is none
     */
    public static ParsedQuery parse(@Nullable String query) {
        return query == null || query.isEmpty() ? EMPTY : new QueryParser(decode(query)).parse();
    }

    /** Reads the query string of a call that takes its arguments from there. */
    public static ParsedCall parseCall(@Nullable String query) {
        var arguments = new ArrayList<QueryString.Parameter>();
        var rest = new ArrayList<QueryString.Parameter>();
        for (var parameter : decode(query)) {
            (isArgument(parameter) ? arguments : rest).add(parameter);
        }
        return new ParsedCall(new QueryParser(rest).parse(), arguments);
    }

    private static boolean isArgument(QueryString.Parameter parameter) {
        return switch (parameter.name()) {
            case "select", "columns", "on_conflict", "limit", "offset", "order", "and", "or" -> false;
            default -> parameter.name().indexOf('.') < 0 && !FilterParser.isFilter(parameter.value());
        };
    }

    static List<QueryString.Parameter> decode(@Nullable String query) {
        if (query == null || query.isEmpty()) {
            return List.of();
        }
        if (query.length() > MAX_LENGTH) {
            throw Refusal.of(
                    RestError.INVALID_QUERY,
                    "The query string is longer than " + MAX_LENGTH + " characters",
                    "It has " + query.length() + " characters.",
                    null);
        }
        return QueryString.decode(query);
    }

    private ParsedQuery parse() {
        for (var parameter : parameters) {
            read(parameter.name(), parameter.value());
        }
        var pageList = pages.entrySet().stream()
                .map(entry -> new QueryShape.Page(entry.getKey(), entry.getValue()[0], entry.getValue()[1]))
                .toList();
        var shape = new QueryShape(
                select == null ? List.of(new SelectItem.Star()) : select, where, order, pageList, columns, onConflict);
        return new ParsedQuery(shape, values, limit, offset);
    }

    private void read(String name, String value) {
        switch (name) {
            // An empty one is as if there were none.
            case "select" -> select = select == null && !value.isBlank() ? SelectParser.parse(value) : select;
            case "columns" -> columns = columns == null ? names("columns parameter", value) : columns;
            case "on_conflict" -> onConflict = onConflict == null ? names("on_conflict parameter", value) : onConflict;
            case "limit" -> limit = rows(name, value);
            case "offset" -> offset = rows(name, value);
            case "order" -> order.add(new QueryShape.Order(List.of(), OrderParser.parse(value)));
            case "and" -> group(List.of(), false, Logic.AND, value);
            case "or" -> group(List.of(), false, Logic.OR, value);
            default -> readPath(name, value);
        }
    }

    /** {@code relation.relation.order=}, {@code not.or=}, {@code relation.field->key=} and plain {@code field=}. */
    private void readPath(String name, String value) {
        var cursor = new Cursor("tree path", name);
        var path = new ArrayList<String>(2);
        String last = cursor.fieldName();
        while (cursor.accept('.')) {
            path.add(last);
            last = cursor.fieldName();
        }
        if (path.size() > MAX_DEPTH) {
            throw cursor.failure("the path is deeper than " + MAX_DEPTH + " levels");
        }
        if (!path.isEmpty() && cursor.atEnd()) {
            boolean negated = path.getLast().equals("not") && (last.equals("and") || last.equals("or"));
            if (negated) {
                path.removeLast();
            }
            switch (last) {
                case "order" -> order.add(new QueryShape.Order(path, OrderParser.parse(value)));
                case "limit" -> page(path)[0] = keep(rows(name, value));
                case "offset" -> page(path)[1] = keep(rows(name, value));
                case "and" -> group(path, negated, Logic.AND, value);
                case "or" -> group(path, negated, Logic.OR, value);
                default -> filter(path, Field.of(last), value);
            }
            return;
        }
        var field = new Field(last, cursor.jsonPath());
        cursor.expectEnd("\"->>\", \"->\", delimiter (.) or end of input");
        filter(path, field, value);
    }

    private void filter(List<String> path, Field field, String value) {
        where.add(new QueryShape.Where(path, filters.filter(field, value)));
    }

    private void group(List<String> path, boolean negated, Logic logic, String value) {
        where.add(new QueryShape.Where(path, filters.group(negated, logic, value)));
    }

    private int[] page(List<String> path) {
        return pages.computeIfAbsent(List.copyOf(path), _ -> new int[] {-1, -1});
    }

    private int keep(long rows) {
        values.add(Long.toString(rows));
        return values.size() - 1;
    }

    private static List<String> names(String what, String text) {
        var cursor = new Cursor(what, text);
        var names = new ArrayList<String>();
        do {
            cursor.skipBlanks();
            names.add(cursor.fieldName());
            cursor.skipBlanks();
        } while (cursor.accept(','));
        cursor.expectEnd("\",\" or end of input");
        return names;
    }

    static long rows(String name, String text) {
        long rows;
        try {
            rows = Long.parseLong(text.strip());
        } catch (NumberFormatException notANumber) {
            throw Refusal.syntax(name, text, 1, "expecting a number of rows");
        }
        if (rows < 0) {
            throw Refusal.withDetails(
                    RestError.INVALID_RANGE,
                    (name.endsWith("offset") ? "Offset" : "Limit") + " should be greater than or equal to zero.");
        }
        return rows;
    }
}
