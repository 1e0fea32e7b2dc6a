package dev.basalt.sdk.data;

import dev.basalt.sdk.error.DataException;
import dev.basalt.sdk.http.BearerSource;
import dev.basalt.sdk.http.Call;
import dev.basalt.sdk.http.Dialect;
import dev.basalt.sdk.http.Transport;
import dev.basalt.sdk.http.Url;
import dev.basalt.sdk.http.Waiting;
import dev.basalt.sdk.sql.Isolation;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The tables, views and functions of an exposed schema. Immutable and thread-safe. */
public final class Schema {
    private final Transport transport;
    private final BearerSource bearer;
    private final @Nullable String name;

    /** @param name {@code null} for the first of the exposed schemas */
    public Schema(Transport transport, BearerSource bearer, @Nullable String name) {
        this.transport = transport;
        this.bearer = bearer;
        this.name = name;
    }

    /** A table or view. */
    public Table from(String table) {
        return new Table(this, table);
    }

    /** Calls a function without arguments. */
    public CallQuery rpc(String function) {
        return rpc(function, Map.of());
    }

    /**
     * Calls a function.
     *
     * @param arguments by name, a record or a map; anything else for a function with one {@code json} argument without a name
     */
    public CallQuery rpc(String function, @Nullable Object arguments) {
        return new CallQuery(call(function).content(Content.json(arguments)));
    }

    /** Calls a function with one {@code text} argument without a name. */
    public CallQuery rpcText(String function, String argument) {
        return new CallQuery(call(function).content(Content.text("text/plain", argument)));
    }

    /** Calls a function with one {@code xml} argument without a name. */
    public CallQuery rpcXml(String function, String argument) {
        return new CallQuery(call(function).content(Content.text("text/xml", argument)));
    }

    /** Calls a function with one {@code bytea} argument without a name. */
    public CallQuery rpcBytes(String function, byte[] argument) {
        return new CallQuery(call(function).content(Content.bytes("application/octet-stream", argument)));
    }

    /**
     * Several requests in one transaction, all or none. The batch is made by the function, and sent when that returns.
     *
     * @throws DataException as the first request that fails would alone; {@link DataException#index} tells which it was
     */
    public BatchResult batch(Consumer<Batch> requests) {
        return Waiting.on(batchAsync(requests));
    }

    public CompletableFuture<BatchResult> batchAsync(Consumer<Batch> requests) {
        return Batch.made(requests).send(transport, bearer, null);
    }

    /** As {@link #batch(Consumer)}, in a transaction of that isolation. */
    public BatchResult batch(Isolation isolation, Consumer<Batch> requests) {
        return Waiting.on(batchAsync(isolation, requests));
    }

    public CompletableFuture<BatchResult> batchAsync(Isolation isolation, Consumer<Batch> requests) {
        return Batch.made(requests).send(transport, bearer, isolation);
    }

    private Request call(String function) {
        if (function.isBlank()) throw new IllegalArgumentException("the function needs a name");
        return request("POST", "rpc", function);
    }

    Request request(String method, String... path) {
        var url = new StringBuilder("/rest/v1");
        for (String segment : path) url.append('/').append(Url.encode(segment));
        Call call = Call.of(Dialect.DATA, method, url.toString());
        if (name != null) {
            // Both: a call of a function may turn from POST into GET.
            call = call.header("Accept-Profile", name).header("Content-Profile", name);
        }
        return Request.of(transport, bearer, call);
    }
}
