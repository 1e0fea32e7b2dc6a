package dev.basalt.sdk.data;

import dev.basalt.sdk.error.DataException;
import dev.basalt.sdk.error.NotSingular;
import dev.basalt.sdk.http.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A query whose answer is rows.
 *
 * <p>Calls fail with {@link DataException} or {@link dev.basalt.sdk.error.TransportException}.
 */
public sealed interface RowQuery permits ReadQuery, ReturningQuery {
    /**
     * The rows as records. The component {@code createdAt} is the column {@code created_at}, or what {@code JsonProperty}
     * says; columns without a component are passed over. A NULL is {@code null}; for a component of a primitive type it
     * fails, as does a column that is not read.
     */
    <T> TypedQuery<T> as(Class<T> type);

    /** The rows, each a map of column names to values. */
    default Rows<Map<String, @Nullable Object>> execute() {
        return as(Json.rowClass()).rows();
    }

    default CompletableFuture<Rows<Map<String, @Nullable Object>>> executeAsync() {
        return as(Json.rowClass()).rowsAsync();
    }

    /** The rows, each a record (or any class that Jackson reads). */
    default <T> Rows<T> execute(Class<T> type) {
        return as(type).rows();
    }

    default <T> CompletableFuture<Rows<T>> executeAsync(Class<T> type) {
        return as(type).rowsAsync();
    }

    /** The rows, each a record, in a list. */
    default <T> List<T> list(Class<T> type) {
        return as(type).list();
    }

    /**
     * The one row.
     *
     * @throws NotSingular if there is none, or more than one; then nothing is written either
     */
    default <T> T single(Class<T> type) {
        return as(type).single();
    }

    default <T> CompletableFuture<T> singleAsync(Class<T> type) {
        return as(type).singleAsync();
    }

    /** As {@link #single(Class)}, as a map of column names to values. */
    default Map<String, @Nullable Object> single() {
        return as(Json.rowClass()).single();
    }

    default CompletableFuture<Map<String, @Nullable Object>> singleAsync() {
        return as(Json.rowClass()).singleAsync();
    }

    /**
     * The one row, or nothing.
     *
     * @throws NotSingular if there is more than one
     */
    default <T> Optional<T> maybeSingle(Class<T> type) {
        return as(type).maybeSingle();
    }

    default <T> CompletableFuture<Optional<T>> maybeSingleAsync(Class<T> type) {
        return as(type).maybeSingleAsync();
    }
}
