package dev.basalt.data.sql;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.sql.SqlScript;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * {@code {query, params}} or {@code {transaction: [{query, params}…]}}, each with {@code isolation}, {@code readOnly} and {@code
 * rowMode}.
 *
 * @param transaction how the transaction begins, or null when the request is one query that begins none of its own
 * @param several whether the answer is a list of results
 * @param arrays whether rows are arrays ({@code rowMode: "array"}) instead of objects
 */
record SqlRequest(List<Query> queries, @Nullable Transaction transaction, boolean several, boolean arrays) {
    private static final Map<String, String> ISOLATIONS = Map.of(
            "read committed", "READ COMMITTED",
            "repeatable read", "REPEATABLE READ",
            "serializable", "SERIALIZABLE");

    private static final Set<String> STATEMENT = Set.of("query", "params");
    private static final Set<String> SINGLE = Set.of("query", "params", "isolation", "readOnly", "rowMode");
    private static final Set<String> TRANSACTION = Set.of("transaction", "isolation", "readOnly", "rowMode");

    SqlRequest {
        queries = List.copyOf(queries);
    }

    /**
     * One query.
     *
     * @param parameters its values, or null when it has none and may be several statements
     */
    record Query(String sql, @Nullable JsonArray parameters, SqlScript script) {}

    /**
     * A transaction around all of the request.
     *
     * @param isolation PostgreSQL's name of the level, or null for the database's default
     */
    record Transaction(@Nullable String isolation, boolean readOnly) {
        /** A first look at the data: after it, PostgreSQL lets nobody turn a reading transaction into a writing one. */
        String begin() {
            return "BEGIN" + (isolation == null ? "" : " ISOLATION LEVEL " + isolation)
                    + (readOnly ? " READ ONLY; SELECT 1" : "");
        }
    }

    /** Reads the body; {@link SqlError#INVALID_REQUEST} says what is wrong with it. */
    static SqlRequest parse(JsonObject body, int maxStatements) {
        try {
            known(body, body.containsKey("transaction") ? TRANSACTION : SINGLE);
            var arrays = arrays(body.getString("rowMode"));
            var list = body.getJsonArray("transaction");
            var options = transaction(body);
            if (list == null) {
                return new SqlRequest(List.of(query(body)), options, false, arrays).checked();
            }
            if (list.isEmpty() || list.size() > maxStatements) {
                throw invalid("'transaction' must hold 1 to " + maxStatements + " statements.");
            }
            var queries = IntStream.range(0, list.size())
                    .mapToObj(i -> query(known(list.getJsonObject(i), STATEMENT)))
                    .toList();
            var transaction = options == null ? new Transaction(null, false) : options;
            return new SqlRequest(queries, transaction, true, arrays).checked();
        } catch (ClassCastException wrongType) {
            throw invalid("'query', 'isolation' and 'rowMode' are strings, 'params' and 'transaction' are arrays,"
                    + " 'readOnly' is true or false.");
        }
    }

    /** A member that is misspelled must not mean less than its writer thinks: {@code readonly} protects nothing. */
    private static @Nullable JsonObject known(@Nullable JsonObject object, Set<String> members) {
        if (object != null) {
            for (var name : object.fieldNames()) {
                if (!members.contains(name)) {
                    throw invalid("'" + name + "' is not known here; known are "
                            + members.stream().sorted().collect(Collectors.joining("', '", "'", "'.")));
                }
            }
        }
        return object;
    }

    private static boolean arrays(@Nullable String rowMode) {
        if (rowMode != null && !rowMode.equals("array") && !rowMode.equals("object")) {
            throw invalid("'rowMode' is 'array' or 'object'.");
        }
        return "array".equals(rowMode);
    }

    boolean writes() {
        return queries.stream().anyMatch(query -> query.script().writes());
    }

    boolean mayChangeSchema() {
        return queries.stream().anyMatch(query -> query.script().mayChangeSchema());
    }

    /** This request within a transaction, whether or not it asked for one. */
    SqlRequest inTransaction() {
        return transaction == null
                ? new SqlRequest(queries, new Transaction(null, false), several, arrays).checked()
                : this;
    }

    /** A transaction of the request's own can't be ended by a statement in it. */
    private SqlRequest checked() {
        if (transaction != null) {
            for (var query : queries) {
                for (var statement : query.script().statements()) {
                    if (statement.controlsTransaction()) {
                        throw invalid(statement.command() + " can't be used within the transaction of the request.");
                    }
                }
            }
        }
        return this;
    }

    private static @Nullable Transaction transaction(JsonObject body) {
        var isolation = body.getString("isolation");
        var level = isolation == null ? null : ISOLATIONS.get(isolation.toLowerCase(Locale.ROOT));
        if (isolation != null && level == null) {
            throw invalid("'isolation' is one of 'read committed', 'repeatable read', 'serializable'.");
        }
        boolean readOnly = body.getBoolean("readOnly", false);
        return level == null && !readOnly ? null : new Transaction(level, readOnly);
    }

    private static Query query(@Nullable JsonObject statement) {
        if (statement == null || !(statement.getValue("query") instanceof String sql)) {
            throw invalid("'query' must be a string with a statement in it.");
        }
        if (sql.indexOf('\0') >= 0) {
            throw invalid("'query' holds a NUL, which no SQL may.");
        }
        var script = SqlScript.of(sql);
        if (script.statements().isEmpty()) {
            throw invalid("'query' must be a string with a statement in it.");
        }
        if (script.statements().stream().anyMatch(SqlScript.Statement::copiesOverWire)) {
            throw invalid("COPY has no client to copy from or to here; use INSERT, or a stream of rows.");
        }
        var parameters = statement.getJsonArray("params");
        if (parameters != null && !parameters.isEmpty() && script.statements().size() != 1) {
            throw invalid("'params' go with exactly one statement; here are "
                    + script.statements().size() + ".");
        }
        return new Query(sql, parameters == null || parameters.isEmpty() ? null : parameters, script);
    }

    static ApiException invalid(String detail) {
        return ApiException.of(SqlError.INVALID_REQUEST, detail);
    }
}
