package dev.basalt.sdk.data;

import dev.basalt.sdk.http.Waiting;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A query that adds rows. Immutable and thread-safe. It is never repeated by itself. */
public final class InsertQuery extends WritingQuery<InsertQuery> {
    InsertQuery(Request request) {
        super(request);
    }

    @Override
    InsertQuery with(Request changed) {
        return new InsertQuery(changed);
    }

    /** Names the columns by which an upsert finds the row that is there already, instead of the primary key. */
    public InsertQuery onConflict(String... columns) {
        return with(request().only("on_conflict", Quoting.names(List.of(columns))));
    }

    /** Leaves rows that are there already as they are. */
    public InsertQuery ignoreDuplicates() {
        return with(request().prefer("resolution", "ignore-duplicates"));
    }

    /** Writes one row and answers where it can be read, if the server says so: path and query. */
    public Optional<String> executeForLocation() {
        return Waiting.on(executeForLocationAsync());
    }

    public CompletableFuture<Optional<String>> executeForLocationAsync() {
        return request().prefer("return", "headers-only").send(answer -> answer.header("Location"));
    }
}
