package dev.basalt.sdk.data;

import dev.basalt.sdk.http.Waiting;
import java.util.concurrent.CompletableFuture;

/**
 * A query that changes or deletes the rows that its filters pick; without a filter, every row that the caller may change.
 * Immutable and thread-safe. It is never repeated by itself.
 */
public final class WriteQuery extends FilteredQuery<WriteQuery> {
    WriteQuery(Request request) {
        super(request);
    }

    @Override
    WriteQuery with(Request changed) {
        return new WriteQuery(changed);
    }

    /** Writes, and reads nothing back. */
    public void execute() {
        var _ = Waiting.on(executeAsync());
    }

    /** Completes with {@code true} when written. */
    public CompletableFuture<Boolean> executeAsync() {
        return request().prefer("return=minimal").send(answer -> true);
    }

    /** Writes, and reads the rows written. */
    public ReturningQuery returning() {
        return returning("*");
    }

    /** Writes, and reads these columns of the rows written. */
    public ReturningQuery returning(String columns) {
        return new ReturningQuery(request(), columns);
    }
}
