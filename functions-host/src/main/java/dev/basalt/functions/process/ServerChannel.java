package dev.basalt.functions.process;

import dev.basalt.functions.forward.HttpForwarder;
import dev.basalt.functions.forward.Reader;
import dev.basalt.functions.forward.Target;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.Outcome.Result;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A process that is an HTTP server on a port of 127.0.0.1. In a sandbox that is a 127.0.0.1 of its own, reached by a
 * {@link Relay}; without one the port is one of this machine's that was free.
 */
final class ServerChannel implements Channel {
    /** The port of every server in a sandbox: each has a 127.0.0.1 of its own. */
    static final int PORT_INSIDE = 8080;

    private static final long POLL_MILLIS = 10;

    private final ContextInternal context;
    private final @Nullable Relay relay;
    private final int concurrency;
    private final int maxResponseBytes;
    private final Function<HttpForwarder, ServerDialect> dialects;
    private final Listener listener;
    private int port;
    private @Nullable HttpClient client;
    private @Nullable NetClient prober;
    private @Nullable ServerDialect dialect;
    private boolean closed;

    /**
     * @param relay the way into the sandbox; null where there is none
     * @param dialects how the server is spoken to
     */
    ServerChannel(
            ContextInternal context,
            @Nullable Relay relay,
            int concurrency,
            int maxResponseBytes,
            Function<HttpForwarder, ServerDialect> dialects,
            Listener listener) {
        this.context = context;
        this.relay = relay;
        this.concurrency = concurrency;
        this.maxResponseBytes = maxResponseBytes;
        this.dialects = dialects;
        this.listener = listener;
    }

    @Override
    public Future<Void> open() {
        if (relay != null) {
            port = PORT_INSIDE;
            return relay.open(this::reachable);
        }
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
            return Future.succeededFuture();
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
    }

    @Override
    public void started() {
        if (relay == null) {
            poll();
        }
    }

    private void poll() {
        if (closed) {
            return;
        }
        if (prober == null) {
            prober = context.owner().createNetClient();
        }
        prober.connect(port, "127.0.0.1").onComplete(tried -> {
            if (tried.succeeded()) {
                var _ = tried.result().close();
                reachable();
            } else {
                context.setTimer(POLL_MILLIS, due -> poll());
            }
        });
    }

    private void reachable() {
        if (prober != null) {
            var _ = prober.close();
        }
        HttpClient made = context.owner()
                .createHttpClient(new HttpClientOptions()
                        .setMaxPoolSize(concurrency)
                        .setKeepAlive(true)
                        .setTcpNoDelay(true)
                        .setDecompressionSupported(false));
        client = made;
        SocketAddress address = relay == null
                ? SocketAddress.inetSocketAddress(port, "127.0.0.1")
                : SocketAddress.domainSocketAddress(relay.outside().toString());
        Target target = new Target(address, "127.0.0.1", port, false, "");
        ServerDialect spoken = dialects.apply(new HttpForwarder(context.owner(), made, target, maxResponseBytes));
        dialect = spoken;
        spoken.init().onComplete(init -> {
            if (init.failed()) {
                listener.refused(Failure.of(
                        Failure.Kind.CRASHED, String.valueOf(init.cause().getMessage())));
            } else if (init.result().isPresent()) {
                listener.refused(init.result().get());
            } else {
                listener.ready();
            }
        });
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void run(Call call) {
        ServerDialect spoken = dialect;
        if (spoken == null) {
            throw new IllegalStateException("a call before the server is ready");
        }
        call.sentNanos = System.nanoTime();
        call.progress.started();
        context.emit(spoken, with -> run(with, call));
    }

    private void run(ServerDialect spoken, Call call) {
        spoken.call(call, new Reader(call.context(), (answer, body) -> listener.flows(call, answer, body)))
                .onSuccess(result -> listener.answered(call, result))
                .onFailure(failure -> listener.answered(
                        call,
                        new Result.Failed(Failure.of(Failure.Kind.INTERNAL, String.valueOf(failure.getMessage())))));
    }

    @Override
    public void close() {
        closed = true;
        if (client != null) {
            var _ = client.close();
        }
        if (relay != null) {
            relay.close();
        }
    }
}
