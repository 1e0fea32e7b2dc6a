package dev.basalt.data.documents;

import dev.basalt.data.query.ArrayLiteral;
import dev.basalt.data.query.Field;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an index has at one place: a column of documents, or a place in their data. Immutable.
 *
 * @param column the column's name; {@code data} for a place in the data
 * @param steps the names on the way to that place, else empty
 */
public record IndexKey(String column, List<String> steps) {
    public static final IndexKey PARENT = new IndexKey("parent", List.of());
    public static final IndexKey ID = new IndexKey("id", List.of());

    private static final String DATA = "data";
    private static final Pattern COLUMN = Pattern.compile("[a-z_]+");
    private static final Pattern PLACE = Pattern.compile("\\(\\(data #> (E?)'(.*)'::text\\[]\\)\\)", Pattern.DOTALL);

    public IndexKey {
        steps = List.copyOf(steps);
    }

    /** The key that a field of a query is compared with. */
    public static IndexKey of(Field field) {
        var known = DocumentField.of(field);
        return known.isJson()
                ? new IndexKey(DATA, DocumentField.steps(field))
                : new IndexKey(known.column(), List.of());
    }

    /** The key that {@code pg_get_indexdef} tells; empty for an expression that no query of ours has. */
    public static Optional<IndexKey> told(String text) {
        if (COLUMN.matcher(text).matches()) {
            return Optional.of(new IndexKey(text, List.of()));
        }
        var place = PLACE.matcher(text);
        if (!place.matches()) {
            return Optional.empty();
        }
        var literal = place.group(2).replace("''", "'");
        var steps = ArrayLiteral.parse(place.group(1).isEmpty() ? literal : literal.replace("\\\\", "\\"));
        return steps == null ? Optional.empty() : Optional.of(new IndexKey(DATA, steps));
    }
}
