package dev.basalt.data.sql;

import dev.basalt.data.quoting.Quoted;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * JSON values as constants for {@code EXECUTE}, which PostgreSQL reads as the types it gave the parameters.
 *
 * <p>A string, number or boolean is its text, an object is JSON; an array is a PostgreSQL array where the parameter is one
 * and JSON where it is not. Stateless.
 */
final class SqlParameters {
    private SqlParameters() {}

    static boolean needTypes(JsonArray values) {
        return values.stream().anyMatch(JsonArray.class::isInstance);
    }

    /**
     * The constants, comma-separated.
     *
     * @param types what PostgreSQL calls the parameters' types; empty if no value needs them
     */
    static String constants(JsonArray values, List<String> types) {
        var sql = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            sql.append(i == 0 ? "" : ", ");
            append(sql, constant(values.getValue(i), i < types.size() ? types.get(i) : ""));
        }
        return sql.toString();
    }

    /**
     * A query with its values in the place of its parameters, for a statement that takes none.
     *
     * @param types what PostgreSQL calls the types of the parameters, of which there may be more than values
     */
    static String inlined(SqlRequest.Query query, JsonArray values, List<String> types) {
        if (values.size() != types.size()) {
            throw SqlRequest.invalid(
                    "'params' holds " + values.size() + " values where the query has " + types.size() + " parameters.");
        }
        var statement = query.script().statements().getFirst();
        var sql = new StringBuilder();
        int from = statement.start();
        for (var parameter : statement.parameters()) {
            var type = types.get(parameter.number() - 1);
            sql.append(query.sql(), from, parameter.start()).append(" (");
            append(sql, constant(values.getValue(parameter.number() - 1), type));
            sql.append("::").append(type).append(") ");
            from = parameter.end();
        }
        return sql.append(query.sql(), from, statement.end()).toString();
    }

    private static @Nullable String constant(@Nullable Object value, String type) {
        return value instanceof JsonArray array && type.endsWith("[]") ? arrayLiteral(array) : text(value);
    }

    private static @Nullable String text(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case JsonObject object -> object.encode();
            case JsonArray array -> array.encode();
            default -> value.toString();
        };
    }

    private static String arrayLiteral(JsonArray array) {
        var literal = new StringBuilder("{");
        for (int i = 0; i < array.size(); i++) {
            literal.append(i == 0 ? "" : ",");
            var value = array.getValue(i);
            if (value instanceof JsonArray nested) {
                literal.append(arrayLiteral(nested));
            } else {
                var text = text(value);
                literal.append(
                        text == null ? "NULL" : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
            }
        }
        return literal.append('}').toString();
    }

    private static void append(StringBuilder sql, @Nullable String text) {
        if (text == null) {
            sql.append("NULL");
            return;
        }
        if (text.indexOf('\0') >= 0) {
            throw SqlRequest.invalid("A parameter holds a NUL, which no text may.");
        }
        sql.append(Quoted.literal(text));
    }
}
