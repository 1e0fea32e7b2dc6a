package dev.basalt.sdk.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.basalt.sdk.http.Answer;
import dev.basalt.sdk.http.Json;
import dev.basalt.sdk.http.Waiting;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A call of a function. What it returns is read as {@link #value one value} or, if it returns a set, as rows, which can be
 * selected, filtered, sorted and paged like a table's. Immutable and thread-safe.
 *
 * <p>It is a POST, which is never repeated by itself, unless it is {@link #readOnly}.
 */
public final class CallQuery extends ReadQuery<CallQuery> {
    CallQuery(Request request) {
        super(request);
    }

    @Override
    CallQuery with(Request changed) {
        return new CallQuery(changed);
    }

    /** Reads these parts of the returned rows. */
    public CallQuery select(Selection... selections) {
        return with(request().select(List.of(selections)));
    }

    /** Reads the columns listed in the REST dialect. */
    public CallQuery select(String columns) {
        return with(request().only("select", columns));
    }

    /**
     * Calls it by GET, in a transaction that can't write. It may be cached on the way and is repeated like other reads. Arrays
     * go as arrays of PostgreSQL, objects as JSON.
     *
     * @throws IllegalArgumentException if an argument is NULL, or all of them are one value without a name
     */
    public CallQuery readOnly() {
        return with(inUrl("GET"));
    }

    /** The one value of a function that returns no set: a scalar, or a record. */
    public <T> T value(Class<T> type) {
        return Waiting.on(valueAsync(type));
    }

    public <T> CompletableFuture<T> valueAsync(Class<T> type) {
        return request().accept("application/json").send(answer -> Json.readRow(answer, type));
    }

    /** As {@link #value}, which may be NULL. */
    public <T> Optional<T> maybeValue(Class<T> type) {
        return Waiting.on(maybeValueAsync(type));
    }

    public <T> CompletableFuture<Optional<T>> maybeValueAsync(Class<T> type) {
        return request().accept("application/json").send(answer -> Json.readOptional(answer, type));
    }

    /** The bytes of a function that returns {@code bytea}. */
    public byte[] bytes() {
        return Waiting.on(bytesAsync());
    }

    public CompletableFuture<byte[]> bytesAsync() {
        return request().accept("application/octet-stream").send(Answer::body);
    }

    /** Calls it and reads nothing of what it returns. */
    public void run() {
        var _ = Waiting.on(runAsync());
    }

    /** Completes with {@code true} when the function has returned. */
    public CompletableFuture<Boolean> runAsync() {
        return request().send(answer -> true);
    }

    /** Counting reads no rows, so that it calls the function as {@link #readOnly} does. */
    @Override
    Request heading() {
        return inUrl("HEAD");
    }

    private Request inUrl(String method) {
        Request calling = request().map(call -> call.method(method));
        Content arguments = calling.content();
        if (arguments == null) return calling;
        JsonNode named = arguments.isJson() ? Json.parsed(arguments.bytes()) : null;
        if (named == null || !named.isObject())
            throw new IllegalArgumentException("an argument without a name goes by POST alone");
        for (Map.Entry<String, JsonNode> argument : named.properties()) {
            if (argument.getValue().isNull()) {
                throw new IllegalArgumentException("NULL goes by POST alone: " + argument.getKey());
            }
            calling = calling.parameter(argument.getKey(), argument(argument.getValue()));
        }
        return calling.content(null);
    }

    private static String argument(JsonNode value) {
        return switch (plain(value)) {
            case Collection<?> elements -> Quoting.array(elements);
            case String text -> text;
            case null, default -> throw new IllegalStateException("NULL was refused before");
        };
    }

    /** An array as a list, all else as text; a reference as its token. */
    private static @Nullable Object plain(JsonNode value) {
        if (value.isNull()) return null;
        if (Batch.isReference(value)) return value.path(Batch.REF).textValue();
        if (value.isTextual()) return value.textValue();
        return value.isArray() ? value.valueStream().map(CallQuery::plain).toList() : value.toString();
    }
}
