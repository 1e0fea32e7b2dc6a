package dev.basalt.data.sql;

import dev.basalt.kit.error.ApiException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * {@code {query, params}} or {@code {transaction: [{query, params}…], isolation, readOnly}}, each with {@code rowMode}.
 *
 * @param begin how the transaction begins, or null when the request is one query that begins none of its own
 * @param arrays whether rows are arrays ({@code rowMode: "array"}) instead of objects
 */
record SqlRequest(List<Query> queries, @Nullable String begin, boolean arrays) {
    private static final Map<String, String> ISOLATIONS = Map.of(
            "read committed", "READ COMMITTED",
            "repeatable read", "REPEATABLE READ",
            "serializable", "SERIALIZABLE");

    private static final Set<String> TRANSACTION_CONTROL =
            Set.of("BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE", "PREPARE");

    SqlRequest {
        queries = List.copyOf(queries);
    }

    /**
     * One query.
     *
     * @param parameters its values, or null when it has none and may be several statements
     */
    record Query(String sql, @Nullable JsonArray parameters, SqlScript script) {}

    /** Reads the body; {@link SqlError#INVALID_REQUEST} says what is wrong with it. */
    static SqlRequest parse(JsonObject body, int maxStatements) {
        try {
            var arrays = "array".equals(body.getString("rowMode"));
            var transaction = body.getJsonArray("transaction");
            if (transaction == null) {
                return new SqlRequest(List.of(query(body)), null, arrays);
            }
            if (transaction.isEmpty() || transaction.size() > maxStatements) {
                throw invalid("'transaction' must hold 1 to " + maxStatements + " statements.");
            }
            var queries = IntStream.range(0, transaction.size())
                    .mapToObj(i -> query(transaction.getJsonObject(i)))
                    .toList();
            return new SqlRequest(queries, begin(body), arrays);
        } catch (ClassCastException wrongType) {
            throw invalid("'query' and 'rowMode' are strings, 'params' and 'transaction' are arrays.");
        }
    }

    /** The statements of a transaction that they may not end. */
    static SqlRequest within(JsonArray statements, int maxStatements) {
        var request = parse(new JsonObject().put("transaction", statements), maxStatements);
        request.queries().stream()
                .flatMap(query -> query.script().commands().stream())
                .filter(TRANSACTION_CONTROL::contains)
                .findAny()
                .ifPresent(command -> {
                    throw invalid(command + " does not go into a transaction that is committed as a whole.");
                });
        return request;
    }

    boolean writes() {
        return queries.stream().anyMatch(query -> query.script().writes());
    }

    boolean mayChangeSchema() {
        return queries.stream().anyMatch(query -> query.script().mayChangeSchema());
    }

    private static String begin(JsonObject body) {
        var begin = new StringBuilder("BEGIN");
        var isolation = body.getString("isolation");
        if (isolation != null) {
            var level = ISOLATIONS.get(isolation.toLowerCase(Locale.ROOT));
            if (level == null) {
                throw invalid("'isolation' is one of 'read committed', 'repeatable read', 'serializable'.");
            }
            begin.append(" ISOLATION LEVEL ").append(level);
        }
        return begin.append(body.getBoolean("readOnly", false) ? " READ ONLY" : "")
                .toString();
    }

    private static Query query(@Nullable JsonObject statement) {
        if (statement == null || !(statement.getValue("query") instanceof String sql) || sql.isBlank()) {
            throw invalid("'query' must be a string with a statement in it.");
        }
        if (sql.indexOf('\0') >= 0) {
            throw invalid("'query' holds a NUL, which no SQL may.");
        }
        var script = SqlScript.of(sql);
        var parameters = statement.getJsonArray("params");
        if (parameters != null && !parameters.isEmpty() && script.commands().size() != 1) {
            throw invalid("'params' go with exactly one statement; here are "
                    + script.commands().size() + ".");
        }
        return new Query(sql, parameters == null || parameters.isEmpty() ? null : parameters, script);
    }

    static ApiException invalid(String detail) {
        return ApiException.of(SqlError.INVALID_REQUEST, detail);
    }
}
