package dev.basalt.sdk.data;

import dev.basalt.sdk.http.Waiting;
import java.util.concurrent.CompletableFuture;

/** A query that adds rows. Immutable and thread-safe. It is never repeated by itself. */
public final class InsertQuery {
    private final Request request;

    InsertQuery(Request request) {
        this.request = request;
    }

    /** Names the columns, separated by commas, by which an upsert finds the row that is there already. */
    public InsertQuery onConflict(String columns) {
        return new InsertQuery(request.parameter("on_conflict", columns));
    }

    /** Leaves rows that are there already as they are. */
    public InsertQuery ignoreDuplicates() {
        return new InsertQuery(request.prefer("resolution=ignore-duplicates"));
    }

    /** Writes, and reads nothing back. */
    public void execute() {
        var _ = Waiting.on(executeAsync());
    }

    /** Completes with {@code true} when written. */
    public CompletableFuture<Boolean> executeAsync() {
        return request.prefer("return=minimal").send(answer -> true);
    }

    /** Writes, and reads the rows written, with what defaults, triggers and hooks made of them. */
    public ReturningQuery returning() {
        return returning("*");
    }

    /** Writes, and reads these columns of the rows written. */
    public ReturningQuery returning(String columns) {
        return new ReturningQuery(request, columns);
    }
}
