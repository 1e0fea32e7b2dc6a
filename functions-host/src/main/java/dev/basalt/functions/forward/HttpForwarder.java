package dev.basalt.functions.forward;

import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Links;
import dev.basalt.functions.runtime.Outcome.Result;
import dev.basalt.functions.signature.RequestParts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Calls one server. Whatever goes wrong with it is a {@link Result.Failed}: no connection {@code UNAVAILABLE}, no end in time
 * {@code TIMEOUT}, an end in the middle {@code CRASHED}, an answer in one piece over the bound {@code TOO_LARGE}, a caller who
 * left before the answer {@code CANCELLED}. Thread-safe.
 */
public final class HttpForwarder {
    /** Headers of one connection (RFC 9110, section 7.6.1), and those that are made anew. */
    static final Set<String> HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "content-length",
            "expect",
            "host");

    private final Vertx vertx;
    private final HttpClient client;
    private final Target target;
    private final int maxResponseBytes;

    public HttpForwarder(Vertx vertx, HttpClient client, Target target, int maxResponseBytes) {
        this.vertx = vertx;
        this.client = client;
        this.target = target;
        this.maxResponseBytes = maxResponseBytes;
    }

    /**
     * A request goes on as it is, and so does its answer; an event is posted as a CloudEvent in binary mode, and what comes back
     * as JSON is its value. Completes at the answer's end.
     */
    public Future<Result> call(Invocation invocation, Reader reader) {
        return switch (invocation) {
            case Invocation.Http request ->
                request(request, RequestParts.of(request).path(), reader);
            case Invocation.Event event -> event(event);
        };
    }

    /** Sends a request on, under a path of the caller's choice. */
    public Future<Result> request(Invocation.Http request, String path, Reader reader) {
        RequestParts parts = RequestParts.of(request);
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (Map.Entry<String, String> header : request.headers()) {
            if (!HOP.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                headers.add(header);
            }
        }
        headers.add(Map.entry("X-Forwarded-Host", parts.authority()));
        headers.add(Map.entry("X-Request-Id", request.context().values().getString("requestId", "")));
        String query = parts.query().isEmpty() ? "" : "?" + parts.query();
        HttpMethod method = HttpMethod.valueOf(request.method());
        return send(
                new Message(method, path + query, headers, request.body(), request.links()), request.timeout(), reader);
    }

    private Future<Result> event(Invocation.Event event) {
        CloudEventMessage message = CloudEventMessage.of(event);
        return send(
                        new Message(HttpMethod.POST, "/", message.headers(), message.body(), Links.NONE),
                        event.timeout(),
                        null)
                .map(result -> result instanceof Result.HttpAnswer answer ? value(answer) : result);
    }

    /** What the answer to an event means: 2xx with JSON is its value, without a body nothing, all else is a failure. */
    private static Result value(Result.HttpAnswer answer) {
        if (answer.status() >= 300) {
            return new Result.Failed(
                    Failure.of(Failure.Kind.EXCEPTION, "the server answered the event with " + answer.status()));
        }
        String body = answer.body().toString();
        if (body.isBlank()) {
            return new Result.Value("null");
        }
        try {
            Json.decodeValue(body);
            return new Result.Value(body);
        } catch (DecodeException e) {
            return new Result.Failed(
                    Failure.of(Failure.Kind.BAD_ANSWER, "the server's answer to the event is not JSON"));
        }
    }

    /** Posts JSON; the answer is whatever comes back, in one piece. */
    public Future<Result> post(String path, JsonObject body, Duration timeout) {
        return send(
                new Message(
                        HttpMethod.POST,
                        path,
                        List.of(Map.entry("Content-Type", "application/json")),
                        body.toBuffer(),
                        Links.NONE),
                timeout,
                null);
    }

    private Future<Result> send(Message message, Duration timeout, @Nullable Reader reader) {
        RequestOptions options = new RequestOptions()
                .setServer(target.address())
                .setHost(target.host())
                .setPort(target.port())
                .setSsl(target.tls())
                .setFollowRedirects(false)
                .setMethod(message.method())
                .setURI(target.path() + message.path());
        ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
        return new Forwarding(context, message, reader, maxResponseBytes).send(client, options, timeout);
    }
}
