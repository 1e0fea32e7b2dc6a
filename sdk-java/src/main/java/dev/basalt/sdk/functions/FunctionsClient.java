package dev.basalt.sdk.functions;

import dev.basalt.sdk.http.BearerSource;
import dev.basalt.sdk.http.Call;
import dev.basalt.sdk.http.Dialect;
import dev.basalt.sdk.http.Transport;
import dev.basalt.sdk.http.Url;
import dev.basalt.sdk.http.Waiting;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.concurrent.CompletableFuture;

/**
 * Functions. A name may have a sub-path behind it, which the function sees. Thread-safe.
 *
 * <p>Calls fail with {@link dev.basalt.sdk.error.FunctionException} or {@link dev.basalt.sdk.error.TransportException};
 * they are not repeated, since a function may have done its work.
 */
public final class FunctionsClient {
    private final Transport transport;
    private final BearerSource bearer;

    public FunctionsClient(Transport transport, BearerSource bearer) {
        this.transport = transport;
        this.bearer = bearer;
    }

    /** Calls a function without a body. */
    public FunctionAnswer invoke(String name) {
        return Waiting.on(invokeAsync(name));
    }

    public CompletableFuture<FunctionAnswer> invokeAsync(String name) {
        return send(call(name));
    }

    /** Calls a function with text, bytes, or anything else as JSON. */
    public FunctionAnswer invoke(String name, Object body) {
        return Waiting.on(invokeAsync(name, body));
    }

    public CompletableFuture<FunctionAnswer> invokeAsync(String name, Object body) {
        return send(
                switch (body) {
                    case byte[] bytes -> call(name).body("application/octet-stream", BodyPublishers.ofByteArray(bytes));
                    case String text -> call(name).body("text/plain;charset=UTF-8", BodyPublishers.ofString(text));
                    default -> call(name).json(body);
                });
    }

    private CompletableFuture<FunctionAnswer> send(Call call) {
        return transport.send(call, bearer, FunctionAnswer::new);
    }

    private static Call call(String name) {
        return Call.of(Dialect.FUNCTION, "POST", "/functions/v1/" + Url.encodePath(name));
    }
}
