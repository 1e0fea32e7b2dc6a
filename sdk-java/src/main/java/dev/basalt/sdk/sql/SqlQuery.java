package dev.basalt.sdk.sql;

import dev.basalt.sdk.error.DataException;
import dev.basalt.sdk.error.NotSingular;
import dev.basalt.sdk.http.BearerSource;
import dev.basalt.sdk.http.Call;
import dev.basalt.sdk.http.Dialect;
import dev.basalt.sdk.http.Json;
import dev.basalt.sdk.http.Linked;
import dev.basalt.sdk.http.Transport;
import dev.basalt.sdk.http.Waiting;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A statement to be run; each call runs it. Immutable and thread-safe. It is never repeated by itself, unless it is {@link
 * #readOnly}.
 *
 * <p>Calls fail with {@link DataException} or {@link dev.basalt.sdk.error.TransportException}.
 */
public final class SqlQuery {
    static final String PATH = "/sql/v1";

    private final Transport transport;
    private final BearerSource bearer;
    private final Statement statement;
    private final @Nullable Isolation isolation;
    private final boolean readOnly;

    SqlQuery(
            Transport transport,
            BearerSource bearer,
            Statement statement,
            @Nullable Isolation isolation,
            boolean readOnly) {
        this.transport = transport;
        this.bearer = bearer;
        this.statement = statement;
        this.isolation = isolation;
        this.readOnly = readOnly;
    }

    /** Runs it in a transaction that can't write; so it is repeated as other reads are. */
    public SqlQuery readOnly() {
        return new SqlQuery(transport, bearer, statement, isolation, true);
    }

    /** Runs it in a transaction of that isolation. */
    public SqlQuery isolation(Isolation level) {
        return new SqlQuery(transport, bearer, statement, level, readOnly);
    }

    /** Runs it. */
    public SqlResult execute() {
        return Waiting.on(executeAsync());
    }

    public CompletableFuture<SqlResult> executeAsync() {
        return transport.send(call(), bearer, answer -> SqlResult.of(Json.readTree(answer), answer.requestId()));
    }

    /** The rows, each a record (or any class that Jackson reads). */
    public <T> List<T> list(Class<T> type) {
        return Waiting.on(listAsync(type));
    }

    public <T> CompletableFuture<List<T>> listAsync(Class<T> type) {
        return Linked.map(executeAsync(), result -> result.list(type));
    }

    /**
     * The one row.
     *
     * @throws NotSingular if there is none, or more than one; the statement has run
     */
    public <T> T single(Class<T> type) {
        return Waiting.on(singleAsync(type));
    }

    public <T> CompletableFuture<T> singleAsync(Class<T> type) {
        return Linked.map(executeAsync(), result -> result.single(type));
    }

    /**
     * The one row, or nothing.
     *
     * @throws NotSingular if there is more than one; the statement has run
     */
    public <T> Optional<T> maybeSingle(Class<T> type) {
        return Waiting.on(maybeSingleAsync(type));
    }

    public <T> CompletableFuture<Optional<T>> maybeSingleAsync(Class<T> type) {
        return Linked.map(executeAsync(), result -> result.maybeSingle(type));
    }

    /**
     * The first column of the one row, for example a count.
     *
     * @throws NotSingular if there is no row, or more than one; the statement has run
     */
    public <T> T value(Class<T> type) {
        return Waiting.on(valueAsync(type));
    }

    public <T> CompletableFuture<T> valueAsync(Class<T> type) {
        return Linked.map(executeAsync(), result -> result.value(type));
    }

    /**
     * The rows of a query that reads, as they arrive: any number of them, in constant memory here and on the server, which
     * fetches them as fast as they are read. To be closed, which ends the query.
     */
    public <T> SqlStream<T> stream(Class<T> type) {
        return Waiting.on(streamAsync(type));
    }

    /** As {@link #stream}; completes when the answer begins. */
    public <T> CompletableFuture<SqlStream<T>> streamAsync(Class<T> type) {
        return Linked.map(
                transport.open(call().header("Accept", "application/x-ndjson").asTransfer(), bearer),
                body -> SqlStream.of(body, type));
    }

    private Call call() {
        var body = new LinkedHashMap<String, Object>();
        body.put("query", statement.sql());
        body.put("params", statement.parameters());
        // Rows of values are shorter, and in a stream no row can look like its last line.
        body.put("rowMode", "array");
        return call(body, isolation, readOnly);
    }

    static Call call(Map<String, Object> body, @Nullable Isolation isolation, boolean readOnly) {
        if (isolation != null) body.put("isolation", isolation.wireName());
        if (readOnly) body.put("readOnly", true);
        Call call = Call.of(Dialect.SQL, "POST", PATH).json(body);
        return readOnly ? call.asRepeatable() : call;
    }
}
