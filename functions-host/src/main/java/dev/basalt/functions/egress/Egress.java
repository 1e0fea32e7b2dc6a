package dev.basalt.functions.egress;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes the requests of functions. A function gets no socket and no resolver: the host asks for the name, checks what comes
 * back, and connects to that very address, for each redirect anew. Thread-safe.
 */
public final class Egress implements AutoCloseable {
    /** Which names a function may call. */
    @FunctionalInterface
    public interface AllowList {
        boolean allows(String host, int port);
    }

    private final VertxInternal vertx;
    private final EgressConfig config;
    private final AddressRules addresses;
    private @Nullable HttpClient web;
    private @Nullable HttpClient own;
    private @Nullable NetClient dialler;
    private boolean closed;

    /** @throws IllegalArgumentException if a range in the settings is none */
    public Egress(Vertx vertx, EgressConfig config) {
        this.vertx = (VertxInternal) vertx;
        this.config = config;
        this.addresses = new AddressRules(config.allowPrivate().orElse(List.of()));
    }

    public EgressConfig config() {
        return config;
    }

    /** Calls the internet; the answer comes on the context. */
    public WebCall call(ContextInternal context, WebRequest request, AllowList allowed) {
        return new WebCall(client(), new WebRules(allowed), context, request).start();
    }

    /** Calls Basalt's own APIs, which are where the request says and under none of the rules for addresses. */
    public WebCall callPlatform(ContextInternal context, WebRequest request) {
        return new WebCall(plainClient(), new PlatformRules(), context, request).start();
    }

    /** Calls the internet for a client that wants the answer as it comes. */
    WebCall pass(ContextInternal context, WebRequest request, AllowList allowed) {
        return new WebCall(plainClient(), new WebRules(allowed), context, request).start();
    }

    /** Opens a connection, on the caller's context; paused. */
    Future<NetSocket> connect(Target target, AllowList allowed) {
        return new WebRules(allowed)
                .address(target)
                .compose(address -> dialler().connect(SocketAddress.inetSocketAddress(address)))
                .map(socket -> {
                    socket.pause();
                    return socket;
                });
    }

    private synchronized HttpClient client() {
        HttpClient made = web;
        if (made == null) {
            made = make(true);
            web = made;
        }
        return made;
    }

    private synchronized HttpClient plainClient() {
        HttpClient made = own;
        if (made == null) {
            made = make(false);
            own = made;
        }
        return made;
    }

    private synchronized NetClient dialler() {
        NetClient made = dialler;
        if (made == null) {
            checkOpen();
            made = vertx.createNetClient(new NetClientOptions()
                    .setTcpNoDelay(true)
                    .setConnectTimeout((int) config.connectTimeout().toMillis())
                    .setIdleTimeout((int) config.idleTimeout().toMillis())
                    .setIdleTimeoutUnit(TimeUnit.MILLISECONDS));
            dialler = made;
        }
        return made;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the host is stopping");
        }
    }

    private HttpClient make(boolean decompress) {
        checkOpen();
        return vertx.createHttpClient(new HttpClientOptions()
                .setDecompressionSupported(decompress)
                .setMaxPoolSize(config.maxConnections())
                .setMaxWaitQueueSize(config.maxWaiting())
                .setConnectTimeout((int) config.connectTimeout().toMillis())
                .setIdleTimeout((int) config.idleTimeout().toMillis())
                .setReadIdleTimeout(0)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setKeepAliveTimeout((int) config.idleTimeout().toSeconds()));
    }

    private Future<InetAddress> resolve(String host) {
        Promise<InetAddress> resolved = vertx.getOrCreateContext().promise();
        vertx.resolveAddress(host, resolved);
        return resolved.future();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (web != null) {
            web.close();
        }
        if (own != null) {
            own.close();
        }
        if (dialler != null) {
            dialler.close();
        }
    }

    private final class WebRules extends Bounds {
        private final AllowList allowed;

        WebRules(AllowList allowed) {
            this.allowed = allowed;
        }

        @Override
        public Future<InetSocketAddress> address(Target target) {
            if (!allowed.allows(target.host(), target.port())) {
                return Future.failedFuture(new EgressException(
                        "the function's egress list does not name " + target.host() + ":" + target.port()));
            }
            return resolve(target.host())
                    .compose(address -> addresses.allows(address)
                            ? Future.succeededFuture(new InetSocketAddress(address, target.port()))
                            : Future.failedFuture(new EgressException(
                                    target.host() + " leads to an address that functions may not reach")));
        }
    }

    private final class PlatformRules extends Bounds {
        @Override
        public Future<InetSocketAddress> address(Target target) {
            return resolve(target.host()).map((InetAddress address) -> new InetSocketAddress(address, target.port()));
        }
    }

    private abstract class Bounds implements WebCall.Rules {
        @Override
        public int maxRedirects() {
            return config.maxRedirects();
        }

        @Override
        public long maxRequestBytes() {
            return config.maxRequestBytes();
        }

        @Override
        public long maxResponseBytes() {
            return config.maxResponseBytes();
        }

        @Override
        public long connectMillis() {
            return config.connectTimeout().toMillis();
        }
    }
}
