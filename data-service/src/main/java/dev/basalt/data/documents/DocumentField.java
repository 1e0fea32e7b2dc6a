package dev.basalt.data.documents;

import dev.basalt.data.query.ArrayLiteral;
import dev.basalt.data.query.Field;
import dev.basalt.data.query.JsonStep;
import dev.basalt.kit.error.ApiException;
import java.util.ArrayList;
import java.util.List;

/**
 * A field of documents as SQL over a row {@code d}. Immutable.
 *
 * @param type of the expression, as SQL names it; {@code jsonb} is a place in the data
 */
public record DocumentField(String expression, String type) {
    private static final String JSON = "jsonb";

    /**
     * The field of a query: {@code $id}, {@code $parent}, {@code $version}, {@code $owner}, {@code $createdAt}, {@code
     * $updatedAt}, or a path into the data.
     */
    public static DocumentField of(Field field) {
        if (field.name().startsWith("$")) {
            return switch (field.path().isEmpty() ? field.name() : "") {
                case "$id" -> new DocumentField("d.id", "text");
                case "$parent" -> new DocumentField("d.parent", "text");
                case "$version" -> new DocumentField("d.version", "bigint");
                case "$owner" -> new DocumentField("d.owner", "uuid");
                case "$createdAt" -> new DocumentField("d.created_at", "timestamptz");
                case "$updatedAt" -> new DocumentField("d.updated_at", "timestamptz");
                default ->
                    throw ApiException.of(
                            DocumentError.INVALID_QUERY,
                            "'" + field.name() + "' is none of $id, $parent, $version, $owner, $createdAt, $updatedAt");
            };
        }
        return new DocumentField("(d.data #> " + pathLiteral(field) + ")", JSON);
    }

    /** The names on the way to a field. */
    public static List<String> steps(Field field) {
        var steps = new ArrayList<String>();
        steps.add(field.name());
        for (var step : field.path()) {
            if (step instanceof JsonStep.Key key) {
                steps.add(key.name());
            }
        }
        return steps;
    }

    /** The path as a constant, which an index on the same expression matches. */
    private static String pathLiteral(Field field) {
        return DocumentSql.literal(ArrayLiteral.of(steps(field)));
    }

    public boolean isJson() {
        return type.equals(JSON);
    }

    /** The expression where there is no {@code d}, as in an index. */
    public String column() {
        return expression.replaceFirst("d\\.", "");
    }

    /** The value as text: of a string in the data its characters. */
    public String text() {
        return isJson() ? "(" + expression.replaceFirst("#>", "#>>").substring(1) : expression + "::text";
    }
}
