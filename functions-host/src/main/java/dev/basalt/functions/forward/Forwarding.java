package dev.basalt.functions.forward;

import dev.basalt.functions.runtime.BrokenOffException;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.Feed;
import dev.basalt.functions.runtime.HttpFields;
import dev.basalt.functions.runtime.Links;
import dev.basalt.functions.runtime.Outcome.Result;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.impl.ContextInternal;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One request on its way to a server, and its answer on its way back. Used on one event loop. */
final class Forwarding {
    /** An answer that is announced to be no longer, in bytes, is had in one piece for less than a stream costs. */
    private static final int SMALL = 64 << 10;

    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private final ContextInternal context;
    private final Message message;
    private final @Nullable Reader reader;
    private final int maxBytes;
    private final Promise<Result> end;
    private @Nullable HttpClientRequest request;
    private @Nullable Feed upload;
    private @Nullable Feed answer;
    private Result ifLeft = failed(Failure.Kind.CANCELLED, "the caller left before there was an answer");

    /**
     * @param reader takes an answer that flows; null where it is wanted in one piece
     * @param maxBytes the most that one in one piece may hold
     */
    Forwarding(ContextInternal context, Message message, @Nullable Reader reader, int maxBytes) {
        this.context = context;
        this.message = message;
        this.reader = reader;
        this.maxBytes = maxBytes;
        this.end = context.promise();
    }

    /** Completes with the answer, at its end. */
    Future<Result> send(HttpClient client, RequestOptions options, Duration timeout) {
        long timer = context.setTimer(
                Math.max(1, timeout.toMillis()),
                due -> end(failed(Failure.Kind.TIMEOUT, "the server did not answer in time")));
        Future<Void> abandoned = message.links().abandoned();
        if (abandoned != null) {
            abandoned.onSuccess(left -> leave());
        }
        context.emit(
                this, self -> client.request(options).onSuccess(this::connected).onFailure(this::broke));
        return end.future().onComplete(done -> context.owner().cancelTimer(timer));
    }

    private void connected(HttpClientRequest connected) {
        request = connected;
        if (end.future().isComplete()) {
            var _ = connected.reset();
            return;
        }
        message.headers().forEach(header -> connected.headers().add(header.getKey(), header.getValue()));
        // What is to be known of it the answer's future says.
        connected.exceptionHandler(broken -> {});
        connected.response().onSuccess(this::head).onFailure(this::broke);
        Links links = message.links();
        if (links.body() == null || reader == null) {
            var _ = connected.end(message.body());
            return;
        }
        if (links.length() < 0) {
            connected.setChunked(true);
        } else {
            connected.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(links.length()));
        }
        Feed feed = new Feed(reader.context(), links.body(), context);
        upload = feed;
        // A server may answer without reading on; what it is sent then goes nowhere.
        feed.body().pipe().endOnFailure(false).to(connected).onFailure(unread -> feed.drop());
        feed.start(() -> {}, broken -> leave());
    }

    private void head(HttpClientResponse response) {
        int status = response.statusCode();
        if (status < 200 || status > 599) {
            end(failed(Failure.Kind.BAD_ANSWER, "the server answered with status " + status));
            return;
        }
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (Map.Entry<String, String> header : response.headers()) {
            if (HttpForwarder.HOP.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                continue;
            }
            if (!HttpFields.isField(header.getKey(), header.getValue())) {
                end(failed(Failure.Kind.BAD_ANSWER, "a header of the answer is not a valid one"));
                return;
            }
            headers.add(Map.entry(header.getKey(), header.getValue()));
        }
        if (reader == null || inOnePiece(response)) {
            collect(response, headers);
        } else {
            flow(response, headers, reader);
        }
    }

    private boolean inOnePiece(HttpClientResponse response) {
        if (message.method().equals(HttpMethod.HEAD)
                || response.statusCode() == NO_CONTENT
                || response.statusCode() == NOT_MODIFIED) {
            return true;
        }
        String announced = response.getHeader(HttpHeaders.CONTENT_LENGTH);
        return announced != null && Long.parseLong(announced) <= SMALL;
    }

    private void collect(HttpClientResponse response, List<Map.Entry<String, String>> headers) {
        Buffer body = Buffer.buffer();
        response.exceptionHandler(this::broke);
        response.handler(part -> {
            if (body.length() + part.length() > maxBytes) {
                end(failed(Failure.Kind.TOO_LARGE, "the answer is larger than " + maxBytes + " bytes"));
            } else {
                body.appendBuffer(part);
            }
        });
        response.endHandler(all -> end(new Result.HttpAnswer(response.statusCode(), headers, body)));
    }

    private void flow(HttpClientResponse response, List<Map.Entry<String, String>> headers, Reader taker) {
        Feed feed = new Feed(context, response, taker.context());
        Result.HttpStream stream = new Result.HttpStream(response.statusCode(), headers, feed.body(), this::leave);
        answer = feed;
        ifLeft = stream;
        feed.start(() -> end(stream), this::broke);
        if (!taker.flows().test(stream, feed.body())) {
            leave();
        }
    }

    /** Nobody waits any more: the connection is closed, by which the server can tell. From any thread. */
    private void leave() {
        context.execute(this, self -> end(ifLeft));
    }

    private void broke(Throwable why) {
        end(
                why instanceof ConnectException
                        ? failed(Failure.Kind.UNAVAILABLE, "the server can't be reached")
                        : failed(Failure.Kind.CRASHED, "the connection to the server broke off"));
    }

    private void end(Result result) {
        if (!end.tryComplete(result)) {
            return;
        }
        if (request != null) {
            // Nothing to one that is through.
            var _ = request.reset();
        }
        if (upload != null) {
            upload.drop();
        }
        if (answer != null && result instanceof Result.Failed failed) {
            answer.fail(new BrokenOffException(failed.failure()));
        }
    }

    private static Result failed(Failure.Kind kind, String message) {
        return new Result.Failed(Failure.of(kind, message));
    }
}
