package dev.basalt.functions.egress;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.streams.ReadStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way out of one sandbox: an HTTP proxy (RFC 9110, section 3.7) at a socket that this sandbox alone sees, under the rules
 * of {@link Egress}. {@code CONNECT} makes a tunnel, a request for an absolute URL is made by the host; to follow a redirect
 * is the client's, by a call of its own. What is refused is answered with 502, and why as the status' own text. A connection
 * carries one call at a time and there are no more of them than calls may be open. Used on one event loop.
 */
public final class EgressProxy {
    private static final int REFUSED = 502;
    /** A body up to this size is sent with its length, which some servers want to know. */
    private static final int MAX_WHOLE_BODY = 1 << 20;

    private final ContextInternal context;
    private final Egress egress;
    private final Egress.AllowList allowed;
    private final SocketAddress address;
    private final Set<HttpConnection> connections = new HashSet<>();
    private final Set<WebCall> open = new HashSet<>();
    private @Nullable HttpServer server;
    private int calls;
    private long bytes;
    private long taken;

    /** @param socket where it listens */
    public EgressProxy(ContextInternal context, Egress egress, Egress.AllowList allowed, Path socket) {
        this.context = context;
        this.egress = egress;
        this.allowed = allowed;
        this.address = SocketAddress.domainSocketAddress(socket.toString());
    }

    public Future<Void> open() {
        HttpServer made = context.owner()
                .createHttpServer(new HttpServerOptions()
                        .setIdleTimeout((int) egress.config().idleTimeout().toMillis())
                        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS));
        server = made;
        return made.connectionHandler(this::accept)
                .requestHandler(this::handle)
                .listen(address)
                .mapEmpty();
    }

    /** What has gone out and come in since this was asked last; with it a new count of calls begins. */
    public long take() {
        long all = bytes + open.stream().mapToLong(WebCall::bytes).sum();
        long fresh = all - taken;
        taken = all;
        calls = 0;
        return fresh;
    }

    /** Ends all that is under way. */
    public void close() {
        if (server != null) {
            var _ = server.close();
        }
        List.copyOf(open).forEach(WebCall::cancel);
    }

    private void accept(HttpConnection connection) {
        if (connections.size() >= egress.config().maxOpenCalls()) {
            var _ = connection.close();
            return;
        }
        connections.add(connection);
        connection.closeHandler(closed -> connections.remove(connection));
    }

    private void handle(HttpServerRequest request) {
        int maxCalls = egress.config().maxCalls();
        if (calls >= maxCalls) {
            refuse(request, new EgressException("more than " + maxCalls + " calls in one invocation"));
            return;
        }
        calls++;
        try {
            if (request.method().equals(HttpMethod.CONNECT)) {
                tunnel(request, Target.parse("https://" + request.uri()));
            } else {
                pass(request);
            }
        } catch (EgressException e) {
            refuse(request, e);
        } catch (IllegalArgumentException e) {
            refuse(request, new EgressException("the request has a method or a header that can't be sent on"));
        }
    }

    private static void refuse(HttpServerRequest request, Throwable why) {
        String text = String.valueOf(WebCall.shown(why).getMessage());
        var _ = request.response()
                .setStatusCode(REFUSED)
                .setStatusMessage(text)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain")
                .end(text);
    }

    private void tunnel(HttpServerRequest request, Target target) {
        egress.connect(target, allowed)
                .onSuccess(upstream -> request.toNetSocket()
                        .onSuccess(client -> {
                            client.closeHandler(closed -> {
                                connections.remove(request.connection());
                                var _ = upstream.close();
                            });
                            upstream.closeHandler(closed -> client.close());
                            copy(client, upstream, egress.config().maxRequestBytes());
                            copy(upstream, client, egress.config().maxResponseBytes());
                        })
                        .onFailure(gone -> upstream.close()))
                .onFailure(failure -> refuse(request, failure));
    }

    private void copy(NetSocket from, NetSocket to, long limit) {
        new CountedStream(from, limit, some -> bytes += some, from::close)
                .pipeTo(to)
                .onFailure(broken -> from.close());
    }

    private void pass(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null && Long.parseLong(length) <= MAX_WHOLE_BODY) {
            request.body().onSuccess(body -> {
                try {
                    send(request, body, null);
                } catch (IllegalArgumentException e) {
                    refuse(request, e);
                }
            });
        } else if (length == null && !request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
            send(request, Buffer.buffer(), null);
        } else {
            request.pause();
            send(request, Buffer.buffer(), request);
        }
    }

    private void send(HttpServerRequest request, Buffer body, @Nullable ReadStream<Buffer> flow) {
        WebRequest asked = new WebRequest(
                request.method().name(),
                request.uri(),
                request.headers().entries(),
                WebRequest.Redirect.MANUAL,
                body,
                flow);
        WebCall call = egress.pass(context, asked, allowed);
        open.add(call);
        HttpServerResponse response = request.response();
        response.closeHandler(gone -> {
            call.cancel();
            settle(call);
        });
        response.endHandler(ended -> settle(call));
        call.answer().onSuccess(answer -> reply(response, answer)).onFailure(failure -> refuse(request, failure));
    }

    private void settle(WebCall call) {
        if (open.remove(call)) {
            bytes += call.bytes();
        }
    }

    private static void reply(HttpServerResponse response, WebAnswer answer) {
        response.setStatusCode(answer.status());
        for (Map.Entry<String, String> header : answer.headers()) {
            boolean length = HttpHeaders.CONTENT_LENGTH.toString().equalsIgnoreCase(header.getKey());
            if (length || !WebRequest.isOwn(header.getKey())) {
                response.headers().add(header.getKey(), header.getValue());
            }
        }
        ReadStream<Buffer> body = answer.body();
        if (body == null) {
            var _ = response.end();
            return;
        }
        response.setChunked(!response.headers().contains(HttpHeaders.CONTENT_LENGTH));
        body.pipeTo(response).onFailure(broken -> response.reset());
    }
}
