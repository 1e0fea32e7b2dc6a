package dev.basalt.functions.container;

import dev.basalt.functions.egress.AddressRules;
import dev.basalt.functions.egress.EgressConfig;
import dev.basalt.functions.forward.HttpForwarder;
import dev.basalt.functions.forward.Reader;
import dev.basalt.functions.forward.Target;
import dev.basalt.functions.runtime.Artifact;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FunctionRuntime;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Isolation;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.functions.runtime.Outcome.Result;
import dev.basalt.functions.share.Shares;
import dev.basalt.kit.function.FunctionManifest;
import dev.basalt.kit.function.Signature;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Calls functions that are HTTP servers elsewhere: requests as they are, events as CloudEvents in binary mode. A name is resolved
 * for each call and the call goes to the address that was judged, so that a name can't lead elsewhere in between; redirects are
 * the caller's to follow. Thread-safe.
 */
public final class ContainerRuntime implements FunctionRuntime {
    private static final int HTTPS = 443;
    private static final int HTTP = 80;
    private static final int MAX_SOCKETS = 1000;

    private record Key(String project, String name, String version) {}

    private final Vertx vertx;
    private final ContainerConfig config;
    private final Shares shares;
    private final Addresses addresses;
    private final HttpClient client;
    private final Map<Key, Gate> gates = new ConcurrentHashMap<>();

    /**
     * @param shares lets calls run
     * @throws IllegalArgumentException if a setting is not what it should be
     */
    public ContainerRuntime(Vertx vertx, ContainerConfig config, Shares shares, EgressConfig egress) {
        this.vertx = vertx;
        this.config = config;
        this.shares = shares;
        this.addresses = new Addresses(
                new AddressRules(egress.allowPrivate().orElse(List.of())),
                config.allow().orElse(List.of()));
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setConnectTimeout((int) config.connectTimeout().toMillis())
                .setKeepAliveTimeout((int) config.idleTimeout().toSeconds())
                .setMaxPoolSize(MAX_SOCKETS)
                .setMaxWaitQueueSize(MAX_SOCKETS)
                .setTcpNoDelay(true));
    }

    @Override
    public String name() {
        return "http";
    }

    @Override
    public boolean streams(FunctionManifest manifest) {
        return true;
    }

    /** Nothing of these functions runs here. */
    @Override
    public Isolation isolation() {
        return new Isolation(Isolation.Level.FULL, "");
    }

    @Override
    public Future<Outcome> invoke(FunctionVersion function, Invocation invocation) {
        ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
        long accepted = System.nanoTime();
        Key key = new Key(function.project(), function.name(), function.version());
        Promise<Void> turn = Promise.promise();
        // Entered while nobody can take the gate away.
        Gate gate = gates.compute(key, (absent, present) -> {
            Gate one = present == null ? gate(function) : present;
            one.enter().onComplete(turn);
            return one;
        });
        Promise<Outcome> promise = context.promise();
        turn.future()
                .onFailure(late -> promise.complete(overloaded(String.valueOf(late.getMessage()))))
                .onSuccess(entered -> shares.enter(
                        function.project(),
                        invocation.links().awaited(),
                        context,
                        place -> context.emit(
                                invocation,
                                running -> run(function, running, accepted, promise, () -> {
                                    place.leave();
                                    leave(key, gate);
                                })),
                        () -> {
                            leave(key, gate);
                            promise.complete(overloaded("the project has too many calls under way"));
                        }));
        return promise.future();
    }

    private static Outcome overloaded(String why) {
        return Outcome.failed(Failure.Kind.OVERLOADED, why);
    }

    private void leave(Key key, Gate gate) {
        gate.leave();
        gates.computeIfPresent(key, (same, present) -> present.empty() ? null : present);
    }

    /** @param over is run at the end, before that is told */
    private void run(
            FunctionVersion function, Invocation invocation, long accepted, Promise<Outcome> promise, Runnable over) {
        ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
        long start = System.nanoTime();
        Promise<Outcome> later = context.promise();
        Reader reader = new Reader(
                context,
                (answer, body) -> promise.tryComplete(new Outcome(answer, report(accepted, start), later.future())));
        call(function.manifest(), invocation, reader)
                .otherwise(failure ->
                        new Result.Failed(Failure.of(Failure.Kind.INTERNAL, String.valueOf(failure.getMessage()))))
                .onSuccess(result -> {
                    over.run();
                    Outcome ended = new Outcome(result, report(accepted, start));
                    if (!promise.tryComplete(ended)) {
                        later.complete(ended);
                    }
                });
    }

    private static Outcome.Report report(long accepted, long start) {
        return new Outcome.Report(false, micros(start - accepted), 0, micros(System.nanoTime() - start), 0, List.of());
    }

    private static long micros(long nanos) {
        return TimeUnit.NANOSECONDS.toMicros(nanos);
    }

    private Gate gate(FunctionVersion function) {
        var scaling = function.manifest().scaling();
        return new Gate(
                vertx,
                function,
                scaling.concurrency().orElse(config.maxConcurrency()),
                scaling.queue().orElse(config.maxQueue()),
                config.queueTimeout());
    }

    private Future<Result> call(FunctionManifest manifest, Invocation invocation, Reader reader) {
        URI url = manifest.url().orElseThrow();
        boolean tls = url.getScheme().equals("https");
        int port = url.getPort() >= 0 ? url.getPort() : tls ? HTTPS : HTTP;
        String host = url.getHost();
        String path = url.getRawPath().endsWith("/")
                ? url.getRawPath().substring(0, url.getRawPath().length() - 1)
                : url.getRawPath();
        return resolve(host, port).compose(address -> {
            if (address.isEmpty()) {
                return Future.succeededFuture(new Result.Failed(Failure.of(
                        Failure.Kind.UNAVAILABLE,
                        "the function's URL can't be resolved to an address that may be called")));
            }
            SocketAddress server =
                    SocketAddress.inetSocketAddress(port, address.get().getHostAddress());
            Target target = new Target(server, host, port, tls, path);
            return new HttpForwarder(vertx, client, target, config.maxResponseBytes()).call(invocation, reader);
        });
    }

    /** The first address of a name that may be called. */
    private Future<Optional<InetAddress>> resolve(String host, int port) {
        Context context = vertx.getOrCreateContext();
        Promise<Optional<InetAddress>> promise = Promise.promise();
        var _ = Thread.ofVirtual().start(() -> {
            Optional<InetAddress> found;
            try {
                found = List.of(InetAddress.getAllByName(host)).stream()
                        .filter(address -> addresses.allows(host, port, address))
                        .findFirst();
            } catch (UnknownHostException e) {
                found = Optional.empty();
            }
            Optional<InetAddress> result = found;
            context.runOnContext(on -> promise.complete(result));
        });
        return promise.future();
    }

    @Override
    public Future<Optional<Failure>> check(FunctionManifest manifest, Artifact artifact) {
        if (manifest.signature() != Signature.BASALT) {
            return Future.succeededFuture(Optional.of(Failure.of(
                    Failure.Kind.COMPILE,
                    "signature " + manifest.signature().label() + " is not available with runtime http")));
        }
        return Future.succeededFuture(Optional.empty());
    }

    @Override
    public void retire(String project, Predicate<FunctionVersion> versions) {
        gates.forEach((key, gate) -> {
            if (key.project().equals(project) && versions.test(gate.function())) {
                gates.remove(key, gate);
            }
        });
    }

    /** How many calls wait. */
    public int waitingCount() {
        return gates.values().stream().mapToInt(Gate::waiting).sum();
    }

    @Override
    public void close() {
        var _ = client.close();
    }
}
