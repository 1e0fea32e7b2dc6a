package dev.basalt.sdk.data;

import dev.basalt.sdk.error.DataException;
import dev.basalt.sdk.http.Json;
import dev.basalt.sdk.http.Waiting;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A write that reads back what it wrote. Immutable and thread-safe. */
public final class ReturningQuery {
    private final Request request;

    ReturningQuery(Request request, String columns) {
        this.request = request.parameter("select", columns).prefer("return=representation");
    }

    /** Writes; the rows written, each a map of column names to values. */
    public Rows<Map<String, @Nullable Object>> execute() {
        return Waiting.on(executeAsync());
    }

    public CompletableFuture<Rows<Map<String, @Nullable Object>>> executeAsync() {
        return executeAsync(Json.rowClass());
    }

    /** Writes; the rows written, each a record (or any class that Jackson reads). */
    public <T> Rows<T> execute(Class<T> type) {
        return Waiting.on(executeAsync(type));
    }

    public <T> CompletableFuture<Rows<T>> executeAsync(Class<T> type) {
        return RowReader.rows(request, type);
    }

    /**
     * Writes exactly one row and answers it.
     *
     * @throws DataException {@code PGRST116} if it would be none or several; then nothing is written
     */
    public <T> T single(Class<T> type) {
        return Waiting.on(singleAsync(type));
    }

    public <T> CompletableFuture<T> singleAsync(Class<T> type) {
        return RowReader.one(request, type);
    }
}
