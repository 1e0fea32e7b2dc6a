package dev.basalt.sdk.sql;

import com.fasterxml.jackson.databind.JsonNode;
import dev.basalt.sdk.error.DataException;
import dev.basalt.sdk.error.TransactionConflict;
import dev.basalt.sdk.error.TransportException;
import dev.basalt.sdk.http.Answer;
import dev.basalt.sdk.http.BearerSource;
import dev.basalt.sdk.http.Json;
import dev.basalt.sdk.http.Transport;
import dev.basalt.sdk.http.Waiting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Statements in one transaction, all or none; each call of {@link #execute} runs it. Immutable and thread-safe. It is never
 * repeated by itself, unless it is {@link #readOnly}.
 */
public final class SqlTransaction {
    private final Transport transport;
    private final BearerSource bearer;
    private final List<Statement> statements;
    private final @Nullable Isolation isolation;
    private final boolean readOnly;

    SqlTransaction(
            Transport transport,
            BearerSource bearer,
            List<Statement> statements,
            @Nullable Isolation isolation,
            boolean readOnly) {
        this.transport = transport;
        this.bearer = bearer;
        this.statements = statements;
        this.isolation = isolation;
        this.readOnly = readOnly;
    }

    /** With another statement at its end. */
    public SqlTransaction then(String sql, @Nullable Object... parameters) {
        var more = new ArrayList<>(statements);
        more.add(new Statement(sql, parameters));
        return new SqlTransaction(transport, bearer, List.copyOf(more), isolation, readOnly);
    }

    /** Runs it with that isolation. */
    public SqlTransaction isolation(Isolation level) {
        return new SqlTransaction(transport, bearer, statements, level, readOnly);
    }

    /** Lets nothing in it write. */
    public SqlTransaction readOnly() {
        return new SqlTransaction(transport, bearer, statements, isolation, true);
    }

    /**
     * Runs the statements and commits; a result for each.
     *
     * @throws DataException as the first statement that fails, whose place {@link DataException#index} tells; a {@link
     *     TransactionConflict} may come up at the end, too. Nothing is written then
     */
    public List<SqlResult> execute() {
        return Waiting.on(executeAsync());
    }

    public CompletableFuture<List<SqlResult>> executeAsync() {
        if (statements.isEmpty()) throw new IllegalStateException("a transaction needs a statement");
        var body = new LinkedHashMap<String, Object>();
        body.put("transaction", statements);
        body.put("rowMode", "array");
        return transport.send(SqlQuery.call(body, isolation, readOnly), bearer, this::results);
    }

    private List<SqlResult> results(Answer answer) {
        JsonNode results = Json.readTree(answer).path("results");
        if (results.size() != statements.size()) {
            throw new TransportException(
                    TransportException.Reason.INVALID_ANSWER,
                    "The answer does not hold a result for each statement",
                    answer.requestId(),
                    null);
        }
        return results.valueStream()
                .map(result -> SqlResult.of(result, answer.requestId()))
                .toList();
    }
}
