package dev.basalt.data.query;

import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.query.Condition.Logic;
import dev.basalt.data.query.OrderTerm.Direction;
import dev.basalt.data.query.OrderTerm.Nulls;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parser of query strings on documents: filters, logic, order and pages as over tables, with dotted paths for columns.
 *
 * <p>Refuses with {@code PGRST100} and the position what does not follow the grammar or is longer than {@link
 * QueryParser#MAX_LENGTH}. Stateless but for one parse.
 */
public final class PathQueryParser {
    private static final int MAX_FIELDS = 100;

    private final Set<String> settingNames;
    private final List<String> values = new ArrayList<>();
    private final FilterParser filters = new FilterParser(values, true);
    private final List<Condition> where = new ArrayList<>();
    private final List<OrderTerm> order = new ArrayList<>();
    private final Map<String, String> settings = new HashMap<>();
    private @Nullable List<Field> select;
    private @Nullable Long limit;

    private PathQueryParser(Set<String> settingNames) {
        this.settingNames = settingNames;
    }

    /**
     * Reads a query string.
     *
     * @param query as it stands in the URL, percent-encoded, without its {@code ?}; null is none
     * @param settingNames the parameters that are taken as they are
     */
    public static PathQuery parse(@Nullable String query, Set<String> settingNames) {
        var parser = new PathQueryParser(settingNames);
        for (var parameter : QueryParser.decode(query)) {
            parser.read(parameter.name(), parameter.value());
        }
        return new PathQuery(parser.select, parser.where, parser.order, parser.values, parser.limit, parser.settings);
    }

    /** One dotted path, as it stands in a body. */
    public static Field path(String text) {
        var cursor = new Cursor("path", text);
        var field = field(cursor);
        cursor.expectEnd("delimiter (.) or end of input");
        return field;
    }

    /** The terms of an order, as they stand in a body. */
    public static List<OrderTerm> order(String text) {
        var parser = new PathQueryParser(Set.of());
        parser.readOrder(text);
        return parser.order;
    }

    private void read(String name, String value) {
        if (settingNames.contains(name)) {
            settings.putIfAbsent(name, value);
            return;
        }
        switch (name) {
            case "select" -> select = value.isBlank() || value.strip().equals("*") ? null : fields(value);
            case "order" -> readOrder(value);
            case "limit" -> limit = QueryParser.rows(name, value);
            case "and" -> where.add(filters.group(false, Logic.AND, value));
            case "or" -> where.add(filters.group(false, Logic.OR, value));
            case "not.and" -> where.add(filters.group(true, Logic.AND, value));
            case "not.or" -> where.add(filters.group(true, Logic.OR, value));
            default -> {
                var cursor = new Cursor("path", name);
                var field = field(cursor);
                cursor.expectEnd("delimiter (.) or end of input");
                where.add(filters.filter(field, value));
            }
        }
    }

    private static Field field(Cursor cursor) {
        var steps = new ArrayList<String>(4);
        do {
            steps.add(cursor.fieldName());
            if (steps.size() > QueryParser.MAX_DEPTH) {
                throw cursor.failure("the path is deeper than " + QueryParser.MAX_DEPTH + " steps");
            }
        } while (cursor.accept('.'));
        return Field.ofPath(steps);
    }

    private static List<Field> fields(String text) {
        var cursor = new Cursor("select parameter", text);
        var fields = new ArrayList<Field>();
        do {
            cursor.skipBlanks();
            fields.add(field(cursor));
            cursor.skipBlanks();
            if (fields.size() > MAX_FIELDS) {
                throw cursor.failure("more than " + MAX_FIELDS + " paths are selected");
            }
        } while (cursor.accept(','));
        cursor.expectEnd("delimiter (.), \",\" or end of input");
        return fields;
    }

    /** The last words of a term say which way; a field whose last step is such a word is quoted there. */
    private void readOrder(String text) {
        var cursor = new Cursor("order", text);
        do {
            cursor.skipBlanks();
            var steps = new ArrayList<String>(4);
            steps.add(cursor.fieldName());
            Direction direction = null;
            Nulls nulls = null;
            while (cursor.accept('.')) {
                boolean quoted = cursor.peek() == '"';
                var word = cursor.fieldName();
                boolean way = !quoted && (word.equals("asc") || word.equals("desc"));
                boolean place = !quoted && (word.equals("nullsfirst") || word.equals("nullslast"));
                if (way && direction == null && nulls == null) {
                    direction = word.equals("asc") ? Direction.ASC : Direction.DESC;
                } else if (place && nulls == null) {
                    nulls = word.equals("nullsfirst") ? Nulls.FIRST : Nulls.LAST;
                } else if (direction == null && nulls == null && steps.size() < QueryParser.MAX_DEPTH) {
                    steps.add(word);
                } else {
                    throw cursor.failure("unexpected \"" + word + "\" after the direction");
                }
            }
            cursor.skipBlanks();
            order.add(new OrderTerm(null, Field.ofPath(steps), direction, nulls));
            if (order.size() > MAX_FIELDS) {
                throw Refusal.withDetails(RestError.INVALID_QUERY, "more than " + MAX_FIELDS + " terms of order");
            }
        } while (cursor.accept(','));
        cursor.expectEnd("delimiter (.), \",\" or end of input");
    }
}
