package dev.basalt.sdk.data;

import dev.basalt.sdk.error.TooManyAffected;
import dev.basalt.sdk.http.Waiting;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A query that writes rows. Immutable and thread-safe. It is never repeated by itself.
 *
 * @param <Q> the kind of query
 */
public abstract sealed class WritingQuery<Q extends WritingQuery<Q>> extends Query<Q> permits InsertQuery, WriteQuery {
    WritingQuery(Request request) {
        super(request);
    }

    /** Writes these columns of the rows given and passes over their other members. */
    public Q columns(String... names) {
        return with(request().only("columns", Quoting.names(List.of(names))));
    }

    /** Gives columns that a row has no member for their default instead of NULL. */
    public Q missingAsDefault() {
        return with(request().prefer("missing", "default"));
    }

    /**
     * Writes at most so many rows: a call that would write more fails with {@link TooManyAffected} and writes nothing.
     *
     * @throws IllegalArgumentException if the number is negative
     */
    public Q maxAffected(long rows) {
        if (rows < 0) throw new IllegalArgumentException("the rows affected are 0 or more");
        return with(request().prefer("handling", "strict").prefer("max-affected", Long.toString(rows)));
    }

    /** Undoes the write at its end: all checks are made, the rows can be returned, nothing stays. */
    public Q rollback() {
        return with(request().prefer("tx", "rollback"));
    }

    /** Writes, and reads nothing back. */
    public void execute() {
        var _ = Waiting.on(executeAsync());
    }

    /** Completes with {@code true} when written. */
    public CompletableFuture<Boolean> executeAsync() {
        return request().prefer("return", "minimal").send(answer -> true);
    }

    /** Writes, and says how many rows. */
    public long executeCounted() {
        return Waiting.on(executeCountedAsync());
    }

    public CompletableFuture<Long> executeCountedAsync() {
        return request().prefer("return", "minimal").prefer("count", "exact").send(TypedQuery::askedTotal);
    }

    /** Writes, and reads the rows written, with what defaults, triggers and hooks made of them. */
    public ReturningQuery returning() {
        return returning("*");
    }

    /** Writes, and reads the columns listed in the REST dialect of the rows written. */
    public ReturningQuery returning(String columns) {
        return new ReturningQuery(request().only("select", columns));
    }

    /** Writes, and reads these parts of the rows written, what they embed included. */
    public ReturningQuery returning(Selection... selections) {
        return new ReturningQuery(request().select(List.of(selections)));
    }
}
