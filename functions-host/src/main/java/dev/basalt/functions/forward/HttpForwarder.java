package dev.basalt.functions.forward;

import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.HttpFields;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Outcome.Result;
import dev.basalt.functions.signature.RequestParts;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Calls one server. Whatever goes wrong with it is a {@link Result.Failed}: no connection {@code UNAVAILABLE}, no end in time
 * {@code TIMEOUT}, an end in the middle {@code CRASHED}, an answer over the bound {@code TOO_LARGE}. Thread-safe.
 */
public final class HttpForwarder {
    /** Headers of one connection (RFC 9110, section 7.6.1), and those that are made anew. */
    private static final Set<String> HOP = Set.of(
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

    /** A request goes on as it is; an event is posted as a CloudEvent in binary mode, and what comes back as JSON is its value. */
    public Future<Result> call(Invocation invocation) {
        return switch (invocation) {
            case Invocation.Http request ->
                request(request, RequestParts.of(request).path());
            case Invocation.Event event -> event(event);
        };
    }

    /** Sends a request on, under a path of the caller's choice. */
    public Future<Result> request(Invocation.Http request, String path) {
        RequestParts parts = RequestParts.of(request);
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (Map.Entry<String, String> header : request.headers()) {
            if (!HOP.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                headers.add(header);
            }
        }
        headers.add(Map.entry("X-Forwarded-Host", parts.authority()));
        headers.add(Map.entry("X-Request-Id", request.context().getString("requestId", "")));
        String query = parts.query().isEmpty() ? "" : "?" + parts.query();
        return send(HttpMethod.valueOf(request.method()), path + query, headers, request.body(), request.timeout());
    }

    private Future<Result> event(Invocation.Event event) {
        CloudEventMessage message = CloudEventMessage.of(event);
        return send(HttpMethod.POST, "/", message.headers(), message.body(), event.timeout())
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

    /** Posts JSON; the answer is whatever comes back. */
    public Future<Result> post(String path, JsonObject body, Duration timeout) {
        return send(
                HttpMethod.POST,
                path,
                List.of(Map.entry("Content-Type", "application/json")),
                body.toBuffer(),
                timeout);
    }

    private Future<Result> send(
            HttpMethod method, String path, List<Map.Entry<String, String>> headers, Buffer body, Duration timeout) {
        Promise<Result> promise = Promise.promise();
        RequestOptions options = new RequestOptions()
                .setServer(target.address())
                .setHost(target.host())
                .setPort(target.port())
                .setSsl(target.tls())
                .setFollowRedirects(false)
                .setMethod(method)
                .setURI(target.path() + path);
        long timer = vertx.setTimer(
                Math.max(1, timeout.toMillis()),
                due -> promise.tryComplete(failed(Failure.Kind.TIMEOUT, "the server did not answer in time")));
        client.request(options)
                .compose(request -> {
                    promise.future().onComplete(done -> request.reset());
                    return exchange(request, headers, body);
                })
                .onSuccess(promise::tryComplete)
                .onFailure(failure -> promise.tryComplete(
                        failure instanceof ConnectException
                                ? failed(Failure.Kind.UNAVAILABLE, "the server can't be reached")
                                : failed(Failure.Kind.CRASHED, "the connection to the server broke off")));
        return promise.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    private Future<Result> exchange(HttpClientRequest request, List<Map.Entry<String, String>> headers, Buffer body) {
        headers.forEach(header -> request.headers().add(header.getKey(), header.getValue()));
        return request.send(body).compose(this::read);
    }

    private Future<Result> read(HttpClientResponse response) {
        Promise<Result> promise = Promise.promise();
        Buffer body = Buffer.buffer();
        response.exceptionHandler(promise::tryFail);
        response.handler(part -> {
            if (body.length() + part.length() > maxResponseBytes) {
                promise.tryComplete(
                        failed(Failure.Kind.TOO_LARGE, "the answer is larger than " + maxResponseBytes + " bytes"));
            } else {
                body.appendBuffer(part);
            }
        });
        response.endHandler(end -> promise.tryComplete(answer(response, body)));
        return promise.future();
    }

    private static Result answer(HttpClientResponse response, Buffer body) {
        if (response.statusCode() < 200 || response.statusCode() > 599) {
            return failed(Failure.Kind.BAD_ANSWER, "the server answered with status " + response.statusCode());
        }
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (Map.Entry<String, String> header : response.headers()) {
            if (HOP.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                continue;
            }
            if (!HttpFields.isField(header.getKey(), header.getValue())) {
                return failed(Failure.Kind.BAD_ANSWER, "a header of the answer is not a valid one");
            }
            headers.add(Map.entry(header.getKey(), header.getValue()));
        }
        return new Result.HttpAnswer(response.statusCode(), headers, body);
    }

    private static Result failed(Failure.Kind kind, String message) {
        return new Result.Failed(Failure.of(kind, message));
    }
}
