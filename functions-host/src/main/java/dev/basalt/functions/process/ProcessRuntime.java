package dev.basalt.functions.process;

import dev.basalt.functions.egress.Egress;
import dev.basalt.functions.egress.EgressConfig;
import dev.basalt.functions.runtime.Artifact;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FunctionRuntime;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Isolation;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.functions.runtime.Progress;
import dev.basalt.functions.sandbox.Sandbox;
import dev.basalt.functions.share.Shares;
import dev.basalt.kit.function.FunctionManifest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/** The engine for functions that are processes: see the package. Thread-safe. Nothing is started before a function is. */
public final class ProcessRuntime implements FunctionRuntime {
    private static final Logger LOG = Logger.getLogger(ProcessRuntime.class);
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(3);
    private static final long TURN_NANOS = 200_000_000L;
    /** How often output is looked at while processes run: a full pipe each time is 6 MB a second. */
    private static final long LOOK_NANOS = 10_000_000L;

    private record Key(String project, String name, String version) {}

    private final Vertx vertx;
    private final ProcessConfig config;
    private final Shares shares;
    private final Egress egress;
    private final boolean untrusted;
    private final ExecutorService spawner;
    private final CompletableFuture<Sandbox> sandbox;
    private final CompletableFuture<ProcessEngine> engine;
    private final Map<Key, ProcessPool> pools = new ConcurrentHashMap<>();
    private final AtomicInteger processes = new AtomicInteger();
    /** Those that were ended to make room and are not gone yet. */
    private final AtomicInteger leaving = new AtomicInteger();

    private final Thread clock;
    private volatile boolean closed;

    /**
     * @param vertx with sockets of the operating system's own domain, that is with its native transport
     * @param shares lets calls run
     * @param egress what functions may do on the internet
     * @param untrusted whether functions may be strangers', so that anything less than full isolation runs none
     * @param home where files are laid out
     * @throws IllegalArgumentException if a range of addresses in the settings is none
     */
    public ProcessRuntime(
            Vertx vertx, ProcessConfig config, Shares shares, EgressConfig egress, boolean untrusted, Path home) {
        this.vertx = vertx;
        this.config = config;
        this.shares = shares;
        this.egress = new Egress(vertx, egress);
        this.untrusted = untrusted;
        this.spawner = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("functions-processes").daemon().factory());
        this.sandbox =
                CompletableFuture.supplyAsync(() -> Sandbox.detect(config.sandbox(), config.cgroup(), home), spawner);
        this.engine = sandbox.thenApplyAsync(
                found -> {
                    try {
                        return ProcessEngine.detect(config, this.egress, home, found, spawner);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                spawner);
        this.clock =
                Thread.ofPlatform().name("functions-processes-clock").daemon().start(this::turn);
    }

    @Override
    public String name() {
        return "process";
    }

    @Override
    public boolean streams(FunctionManifest manifest) {
        return ServerDialect.streams(manifest);
    }

    @Override
    public Isolation isolation() {
        return sandbox.join().isolation();
    }

    @Override
    public Future<Outcome> invoke(FunctionVersion function, Invocation invocation) {
        return invoke(function, invocation, Progress.UNHEARD);
    }

    @Override
    public Future<Outcome> invoke(FunctionVersion function, Invocation invocation, Progress progress) {
        Call call = new Call(invocation, progress, (ContextInternal) vertx.getOrCreateContext());
        if (engine.isDone()) {
            dispatch(function, call);
        } else {
            var _ = engine.whenComplete((ready, failure) -> dispatch(function, call));
        }
        return call.outcome();
    }

    @Override
    public void keep(FunctionVersion function) {
        ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
        var _ = engine.whenComplete((ready, failure) -> {
            if (refusal(function.manifest()).isEmpty()) {
                pool(function).keep(context);
            }
        });
    }

    private void dispatch(FunctionVersion function, Call call) {
        Optional<Failure> refusal = refusal(function.manifest());
        if (refusal.isPresent()) {
            call.fail(refusal.get());
            return;
        }
        pool(function).submit(call);
    }

    private ProcessPool pool(FunctionVersion function) {
        return pools.computeIfAbsent(
                new Key(function.project(), function.name(), function.version()),
                key -> new ProcessPool(function, engine.join(), admission, shares));
    }

    private final Admission admission = new Admission() {
        @Override
        public boolean admitFree() {
            if (processes.incrementAndGet() <= config.maxProcesses()) {
                return true;
            }
            processes.decrementAndGet();
            return false;
        }

        @Override
        public Answer admit(String project) {
            if (admitFree()) {
                return Answer.YES;
            }
            return makeRoom(project) ? Answer.SOON : Answer.NO;
        }

        @Override
        public void giveBack() {
            processes.decrementAndGet();
        }

        @Override
        public void gone() {
            processes.decrementAndGet();
            leaving.updateAndGet(some -> Math.max(0, some - 1));
            // The project that has fewest comes first.
            Map<String, Integer> held = held();
            pools.values().stream()
                    .filter(pool -> pool.waiting() > 0)
                    .sorted(Comparator.comparingInt(
                            pool -> held.getOrDefault(pool.function().project(), 0)))
                    .forEach(ProcessPool::grow);
        }
    };

    @Override
    public Future<Optional<Failure>> check(FunctionManifest manifest, Artifact artifact) {
        return Future.fromCompletionStage(engine, vertx.getOrCreateContext())
                .map(ready -> {
                    Optional<Failure> refusal = refusal(manifest);
                    if (refusal.isPresent()) {
                        return refusal;
                    }
                    try {
                        ready.launches().launch(manifest, artifact, ProcessEngine.jars(artifact));
                        return Optional.<Failure>empty();
                    } catch (Launches.UnsupportedException e) {
                        return Optional.of(Failure.of(Failure.Kind.COMPILE, String.valueOf(e.getMessage())));
                    }
                })
                .otherwise(failed -> Optional.of(unavailable()));
    }

    private Optional<Failure> refusal(FunctionManifest manifest) {
        if (engine.isCompletedExceptionally()) {
            LOG.errorf(engine.exceptionNow(), "runtime %s can't start", manifest.runtime());
            return Optional.of(unavailable());
        }
        if (untrusted && isolation().level() != Isolation.Level.FULL) {
            return Optional.of(Failure.of(
                    Failure.Kind.UNAVAILABLE,
                    "basalt.functions.untrusted demands full isolation, which this machine does not offer: "
                            + isolation().reason()));
        }
        return Optional.empty();
    }

    private static Failure unavailable() {
        return Failure.of(Failure.Kind.UNAVAILABLE, "functions' processes can't be started on this host");
    }

    @Override
    public void retire(String project, Predicate<FunctionVersion> versions) {
        pools.forEach((key, pool) -> {
            if (key.project().equals(project) && versions.test(pool.function()) && pools.remove(key, pool)) {
                pool.retire(false);
            }
        });
    }

    /** How many processes there are, those being made included. */
    public int instanceCount() {
        return processes.get();
    }

    /** How many invocations wait for a process. */
    public int waitingCount() {
        return pools.values().stream().mapToInt(ProcessPool::waiting).sum();
    }

    /** Processes by project. */
    private Map<String, Integer> held() {
        Map<String, Integer> held = new HashMap<>();
        pools.values().forEach(pool -> held.merge(pool.function().project(), pool.instances(), Integer::sum));
        return held;
    }

    /** An idle process ends at once; else one of the project that has most, when its calls end. */
    private boolean makeRoom(String project) {
        if (leaving.get() > 0) {
            // One is on its way out already.
            return true;
        }
        boolean stopped = pools.values().stream()
                        .filter(pool -> pool.idleSince().isPresent())
                        .min(Comparator.comparingLong(pool -> pool.idleSince().orElse(Long.MAX_VALUE)))
                        .map(ProcessPool::stopIdlest)
                        .orElse(false)
                || yieldOne(project);
        if (stopped) {
            leaving.incrementAndGet();
        }
        return stopped;
    }

    private boolean yieldOne(String project) {
        Map<String, Integer> held = held();
        return held.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .filter(most -> most.getValue() > held.getOrDefault(project, 0) + 1)
                .map(most -> pools.values().stream()
                        .filter(pool -> pool.function().project().equals(most.getKey()))
                        .anyMatch(ProcessPool::yieldOne))
                .orElse(false);
    }

    private void turn() {
        long swept = System.nanoTime();
        while (!closed) {
            boolean made = engine.isDone() && !engine.isCompletedExceptionally();
            try {
                boolean running = made && engine.join().look();
                LockSupport.parkNanos(this, running ? LOOK_NANOS : TURN_NANOS);
                long now = System.nanoTime();
                if (now - swept >= TURN_NANOS) {
                    swept = now;
                    sweep(now);
                }
            } catch (RuntimeException e) {
                LOG.error("looking after functions' processes", e);
            }
        }
    }

    private void sweep(long now) {
        pools.forEach((key, pool) -> {
            pool.sweep(now);
            if (pool.waiting() > 0) {
                pool.grow();
            }
            if (pool.unused(now) && pools.remove(key, pool)) {
                pool.retire(false);
            }
        });
        if (engine.isDone() && !engine.isCompletedExceptionally()) {
            engine.join().sweep();
        }
    }

    @Override
    public void close() {
        pools.values().forEach(pool -> pool.retire(true));
        long until = System.nanoTime() + CLOSE_WAIT.toNanos();
        while (processes.get() > 0 && System.nanoTime() < until) {
            LockSupport.parkNanos(this, 5_000_000);
        }
        closed = true;
        LockSupport.unpark(clock);
        if (engine.isDone() && !engine.isCompletedExceptionally()) {
            engine.join().close();
        }
        egress.close();
        spawner.shutdown();
    }
}
