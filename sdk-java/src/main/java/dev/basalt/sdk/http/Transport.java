package dev.basalt.sdk.http;

import dev.basalt.sdk.error.BasaltException;
import dev.basalt.sdk.error.TransportException;
import dev.basalt.sdk.error.TransportException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls to one Basalt: adds key, bearer and request id, holds the time limits, tries again what may be tried again,
 * and turns error answers into the exceptions of their dialect.
 *
 * <p>Thread-safe. Cancelling a returned future ends the exchange.
 */
public final class Transport implements AutoCloseable {
    private static final String CLIENT_INFO = "basalt-java/"
            + Optional.ofNullable(Transport.class.getPackage().getImplementationVersion())
                    .orElse("development");

    private final String origin;
    private final String key;
    private final ClientOptions options;
    private final Retry retry;
    private final HttpClient http;
    private final Clock clock = Clock.systemUTC();

    /**
     * @param origin {@code http://host:port}, with a path if Basalt hangs under one
     * @param key a project key
     */
    public Transport(URI origin, String key, ClientOptions options) {
        String scheme = origin.getScheme();
        if (!("http".equals(scheme) || "https".equals(scheme)) || origin.getHost() == null) {
            throw new IllegalArgumentException("the URL needs http or https and a host: " + origin);
        }
        if (origin.getRawQuery() != null || origin.getRawFragment() != null || origin.getRawUserInfo() != null) {
            throw new IllegalArgumentException("the URL has no query, fragment and user: " + origin);
        }
        if (key.isBlank()) throw new IllegalArgumentException("the key is empty");
        this.origin = origin.toString().replaceAll("/+$", "");
        this.key = key;
        this.options = options;
        this.retry = new Retry(options);
        this.http = HttpClient.newBuilder()
                .connectTimeout(options.connectTimeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    public ClientOptions options() {
        return options;
    }

    /** The project key, which is the bearer of a caller that is not signed in. */
    public String key() {
        return key;
    }

    /** The absolute URL of an encoded path. */
    public String url(String encodedPathAndQuery) {
        return origin + encodedPathAndQuery;
    }

    /** Makes a call as whoever the source says and answers the body in memory. */
    public CompletableFuture<Answer> send(Call call, BearerSource bearer) {
        return new Exchange<>(
                        call,
                        bearer,
                        headers -> BodySubscribers.ofByteArray(),
                        (head, body) -> new Answer(head.status(), head.headers(), body, head.requestId()))
                .start();
    }

    /** As {@link #send(Call, BearerSource)}, read by the function. */
    public <T> CompletableFuture<T> send(Call call, BearerSource bearer, Function<Answer, T> reader) {
        return Linked.map(send(call, bearer), reader);
    }

    /** Makes a call and writes the body of its good answer to a new file; an error's body never reaches the file. */
    public CompletableFuture<Path> download(Call call, BearerSource bearer, Path file) {
        return new Exchange<>(
                        call,
                        bearer,
                        headers -> BodySubscribers.ofFile(
                                file,
                                StandardOpenOption.CREATE,
                                StandardOpenOption.TRUNCATE_EXISTING,
                                StandardOpenOption.WRITE),
                        (head, path) -> path)
                .start();
    }

    /**
     * Makes a call and answers the body of its good answer as it arrives. Whoever reads it closes it; at the time limit of
     * transfers it breaks.
     */
    public CompletableFuture<InputStream> open(Call call, BearerSource bearer) {
        return new Exchange<>(call, bearer, headers -> BodySubscribers.ofInputStream(), (head, body) ->
                        (InputStream) new LimitedBody(body, options.transferTimeout()))
                .start();
    }

    /** Makes a call whose good answer goes on, without a time limit once it has begun, and answers that body to be read. */
    public CompletableFuture<Pulled> listen(Call call, BearerSource bearer) {
        return new Exchange<>(call, bearer, headers -> new Pulled(), (head, body) -> body).start();
    }

    /** How long to wait before a live query connects anew; nothing when it is to fail. */
    public Optional<Duration> livePause(int triesSoFar, @Nullable Duration asked) {
        return retry.pause(triesSoFar, options.liveRetries(), asked);
    }

    /** Closes the connections; calls under way end as if cancelled. */
    @Override
    public void close() {
        http.shutdownNow();
    }

    /** What an answer starts with. */
    private record Head(int status, HttpHeaders headers, String requestId) {}

    /** How a body is taken in. */
    private interface Intake<B> {
        BodySubscriber<B> open(HttpHeaders headers);
    }

    /** A body that is the wanted one, or an error's. */
    private sealed interface Body<B> {
        record Good<B>(B value) implements Body<B> {}

        @SuppressWarnings("ArrayRecordComponent") // Read once, right where it is made.
        record Bad<B>(byte[] bytes) implements Body<B> {}
    }

    /** One call with its tries. */
    private final class Exchange<B, T> {
        private final Call call;
        private final BearerSource bearer;
        private final Intake<B> intake;
        private final BiFunction<Head, B, T> finish;
        private final String requestId = UUID.randomUUID().toString();
        private final CompletableFuture<T> result = new CompletableFuture<>();
        private volatile @Nullable CompletableFuture<?> running;

        Exchange(Call call, BearerSource bearer, Intake<B> intake, BiFunction<Head, B, T> finish) {
            this.call = call;
            this.bearer = bearer;
            this.intake = intake;
            this.finish = finish;
        }

        CompletableFuture<T> start() {
            var _ = result.whenComplete((value, failure) -> {
                CompletableFuture<?> open = running;
                if (result.isCancelled() && open != null) open.cancel(true);
            });
            attempt(1);
            return result;
        }

        private void attempt(int number) {
            CompletableFuture<String> token = bearer.bearer();
            var _ = token.whenComplete((value, failure) -> guarded(() -> {
                if (failure != null) result.completeExceptionally(Waiting.unwrap(failure));
                else if (!result.isDone()) exchange(number, value);
            }));
        }

        private void exchange(int number, String token) {
            Duration limit = call.transfer() ? options.transferTimeout() : options.requestTimeout();
            HttpRequest request = request(token, limit);
            BodyHandler<Body<B>> handler = head -> head.statusCode() / 100 == 2
                    ? BodySubscribers.mapping(intake.open(head.headers()), Body.Good::new)
                    : BodySubscribers.mapping(BodySubscribers.ofByteArray(), Body.Bad::new);
            CompletableFuture<HttpResponse<Body<B>>> sent = http.sendAsync(request, handler);
            running = sent;
            if (result.isDone()) sent.cancel(true);
            // The request's own timeout ends with the headers; this one covers the body as well.
            CompletableFuture<HttpResponse<Body<B>>> limited =
                    sent.copy().orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS);
            var _ = limited.whenComplete((response, failure) -> guarded(() -> {
                if (failure == null) take(number, response);
                else {
                    sent.cancel(true);
                    fail(number, Waiting.unwrap(failure), limit);
                }
            }));
        }

        /** A bug in here must fail the call, not leave its caller waiting for ever. */
        private void guarded(Runnable step) {
            try {
                step.run();
            } catch (RuntimeException | Error bug) {
                result.completeExceptionally(bug);
            }
        }

        private HttpRequest request(String token, Duration limit) {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            URI.create(url(call.path() + Url.query(call.parameters()))))
                    .timeout(limit)
                    .method(call.method(), call.body() == null ? BodyPublishers.noBody() : call.body())
                    .setHeader("apikey", key)
                    .setHeader("Authorization", "Bearer " + token)
                    .setHeader("X-Client-Info", CLIENT_INFO)
                    .setHeader("x-request-id", requestId);
            call.headers().forEach(request::setHeader);
            return request.build();
        }

        private void take(int number, HttpResponse<Body<B>> response) {
            String id = response.headers().firstValue("x-request-id").orElse(requestId);
            switch (response.body()) {
                case Body.Good<B>(B value) ->
                    result.complete(finish.apply(new Head(response.statusCode(), response.headers(), id), value));
                case Body.Bad<B>(byte[] bytes) -> {
                    Duration asked = Retry.after(response.headers().firstValue("Retry-After"), clock);
                    BasaltException refused = call.dialect()
                            .exception(new Answer(response.statusCode(), response.headers(), bytes, id), asked);
                    if (call.repeatable() && response.statusCode() == 503 && asked != null) {
                        again(number, asked, refused);
                    } else result.completeExceptionally(refused);
                }
            }
        }

        private void fail(int number, Throwable failure, Duration limit) {
            if (failure instanceof CancellationException) {
                result.cancel(false);
                return;
            }
            TransportException known = switch (failure) {
                case ConnectException refused -> transport(Reason.UNREACHABLE, "Cannot connect to", refused);
                case UnresolvedAddressException unknown -> transport(Reason.UNREACHABLE, "Cannot resolve", unknown);
                case HttpConnectTimeoutException slow ->
                    transport(Reason.UNREACHABLE, "No connection in time to", slow);
                case HttpTimeoutException slow -> late(limit, slow);
                case TimeoutException slow -> late(limit, slow);
                case UncheckedIOException file -> transport(Reason.INVALID_REQUEST, "Cannot read what goes to", file);
                case IOException broken -> transport(Reason.BROKEN, "The connection broke to", broken);
                default -> transport(Reason.BROKEN, "The call failed to", failure);
            };
            if (call.repeatable() && known.reason() == Reason.UNREACHABLE) again(number, null, known);
            else result.completeExceptionally(known);
        }

        private void again(int number, @Nullable Duration asked, BasaltException failure) {
            Optional<Duration> pause = retry.pause(number, asked);
            if (pause.isEmpty()) {
                result.completeExceptionally(failure);
                return;
            }
            CompletableFuture.delayedExecutor(pause.get().toMillis(), TimeUnit.MILLISECONDS)
                    .execute(() -> {
                        if (!result.isDone()) attempt(number + 1);
                    });
        }

        private TransportException late(Duration limit, Throwable cause) {
            return transport(Reason.TIMEOUT, "No complete answer within " + limit.toMillis() + " ms from", cause);
        }

        private TransportException transport(Reason reason, String what, Throwable cause) {
            return new TransportException(reason, what + " " + origin, requestId, cause);
        }
    }
}
