package dev.basalt.functions.js;

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
import dev.basalt.functions.share.Shares;
import dev.basalt.functions.worker.FrameReader;
import dev.basalt.functions.worker.FrameWriter;
import dev.basalt.functions.worker.Op;
import dev.basalt.kit.function.FunctionManifest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/** The engine for JavaScript: see the package. Thread-safe. */
public final class JsRuntime implements FunctionRuntime {
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(3);
    private static final long BUSY_NANOS = 50_000_000L;
    private static final long IDLE_NANOS = 1_000_000_000L;
    private static final String CHECKS = "";
    private static final Logger LOG = Logger.getLogger(JsRuntime.class);

    private final JsConfig config;
    private final boolean untrusted;
    private final Egress egress;
    private final Shares shares;
    private final SourcePlaces places = new SourcePlaces();
    private final Vertx vertx;
    /** Looks after deadlines and what idles: a thread of its own, because event loops may be busy just then. */
    private final Thread clock;

    private volatile boolean closed;
    private final WorkerPool workers;
    /** One a project that ever ran a function here: an empty one is some hundred bytes. */
    private final Map<String, ProjectLane> lanes = new ConcurrentHashMap<>();

    /**
     * @param vertx with sockets of the operating system's own domain, that is with its native transport
     * @param egress what functions may do on the internet
     * @param shares lets calls run
     * @param untrusted whether functions may be strangers', so that anything less than full isolation runs none
     * @param home where the worker's files are laid out
     */
    public JsRuntime(Vertx vertx, JsConfig config, EgressConfig egress, Shares shares, boolean untrusted, Path home) {
        this.vertx = vertx;
        this.config = config;
        this.untrusted = untrusted;
        this.egress = new Egress(vertx, egress);
        this.shares = shares;
        this.workers = new WorkerPool(config, home, vertx, this::makeRoom);
        this.clock = Thread.ofPlatform().name("functions-clock").daemon().start(this::turn);
    }

    @Override
    public String name() {
        return "js";
    }

    @Override
    public boolean streams(FunctionManifest manifest) {
        return true;
    }

    @Override
    public Isolation isolation() {
        return workers.isolation();
    }

    @Override
    public Future<Outcome> invoke(FunctionVersion function, Invocation invocation) {
        return invoke(function, invocation, Progress.UNHEARD);
    }

    @Override
    public Future<Outcome> invoke(FunctionVersion function, Invocation invocation, Progress progress) {
        Optional<Failure> refusal = refusal();
        if (refusal.isPresent()) {
            return Future.succeededFuture(new Outcome(new Outcome.Result.Failed(refusal.get()), Outcome.Report.NONE));
        }
        Call call = new Call(invocation, progress, context());
        lane(function.project()).submit(function, call);
        return call.outcome().compose(outcome -> places.mapped(function, outcome));
    }

    @Override
    public Future<Optional<Failure>> check(FunctionManifest manifest, Artifact artifact) {
        Optional<Failure> refusal = refusal();
        if (refusal.isPresent()) {
            return Future.succeededFuture(refusal);
        }
        ContextInternal context = context();
        Promise<Optional<Failure>> promise = context.promise();
        // Checked in a worker that no project's functions run in: the source may be anybody's.
        lane(CHECKS)
                .worker()
                .compose(worker -> worker.spare().take(context))
                .onFailure(failure -> promise.tryComplete(
                        Optional.of(Failure.of(Failure.Kind.UNAVAILABLE, "no worker could be started"))))
                .onSuccess(stream -> {
                    lane(CHECKS).touch(System.nanoTime());
                    promise.future().onComplete(checked -> stream.close());
                    int number = stream.nextRequest();
                    FrameWriter frame = new FrameWriter(Op.CHECK, number, 4096).string(artifact.entrypoint());
                    stream.request(number, Frames.files(frame, artifact), new CheckReply(promise));
                });
        return promise.future();
    }

    private final class CheckReply implements WorkerStream.Reply {
        private final Promise<Optional<Failure>> promise;
        private final long killAt = System.nanoTime()
                + config.initTimeout().plus(config.killGrace()).toNanos();

        CheckReply(Promise<Optional<Failure>> promise) {
            this.promise = promise;
        }

        @Override
        public boolean frame(FrameReader frame) {
            if (frame.op() == Op.LOADED) {
                promise.tryComplete(Optional.empty());
            } else {
                frame.int8();
                frame.int32();
                frame.int32();
                frame.int32();
                promise.tryComplete(Optional.of(Frames.failure(frame)));
            }
            return true;
        }

        @Override
        public void gone(Worker.End end) {
            promise.tryComplete(
                    Optional.of(Failure.of(Failure.Kind.CRASHED, end.why() + " while it compiled the files")));
        }

        @Override
        public boolean overdue(long nowNanos) {
            return nowNanos - killAt > 0;
        }
    }

    @Override
    public void keep(FunctionVersion function) {
        if (refusal().isEmpty()) {
            lane(function.project()).keep(function, ((VertxInternal) vertx)::createEventLoopContext);
        }
    }

    @Override
    public void retire(String project, Predicate<FunctionVersion> outdated) {
        ProjectLane lane = lanes.get(project);
        if (lane != null) {
            lane.retire(outdated);
        }
    }

    /** How many worker processes there are, the blank one included. */
    public int workerCount() {
        return workers.size();
    }

    /** How many instances there are, those being made included. */
    public int instanceCount() {
        return lanes.values().stream()
                .flatMap(lane -> lane.functions().stream())
                .mapToInt(InstancePool::instances)
                .sum();
    }

    /** How many functions were loaded into isolates that their worker had made before, or made for them. */
    public long loads(boolean stocked) {
        return workers.loads(stocked);
    }

    /** How many invocations wait for an instance. */
    public int waitingCount() {
        return lanes.values().stream()
                .flatMap(lane -> lane.functions().stream())
                .mapToInt(InstancePool::waiting)
                .sum();
    }

    private Optional<Failure> refusal() {
        if (untrusted && isolation().level() != Isolation.Level.FULL) {
            return Optional.of(Failure.of(
                    Failure.Kind.UNAVAILABLE,
                    "basalt.functions.untrusted demands full isolation, which this machine does not offer: "
                            + isolation().reason()));
        }
        return Optional.empty();
    }

    private ProjectLane lane(String project) {
        ProjectLane lane = lanes.get(project);
        return lane != null
                ? lane
                : lanes.computeIfAbsent(project, ref -> new ProjectLane(config, egress, shares, workers));
    }

    /** The caller's context; a thread without one gets one. */
    private ContextInternal context() {
        return (ContextInternal) vertx.getOrCreateContext();
    }

    private void turn() {
        while (!closed) {
            LockSupport.parkNanos(this, busy() ? BUSY_NANOS : IDLE_NANOS);
            try {
                sweep();
            } catch (RuntimeException e) {
                LOG.error("looking after functions' workers", e);
            }
        }
    }

    private boolean busy() {
        return lanes.values().stream().anyMatch(ProjectLane::hasWorker);
    }

    private void sweep() {
        long now = System.nanoTime();
        workers.sweep(now);
        lanes.values().forEach(lane -> {
            lane.sweep(now);
            if (!lane.busy()
                    && !lane.keeps()
                    && now - lane.lastUsedNanos() > config.workerIdle().toNanos()) {
                lane.stop();
            }
        });
    }

    private void makeRoom() {
        lanes.values().stream()
                .filter(lane -> lane.running() != null && !lane.busy())
                // Calls go before what is only kept for them.
                .min(Comparator.comparing(ProjectLane::keeps).thenComparingLong(ProjectLane::lastUsedNanos))
                .ifPresent(ProjectLane::stop);
    }

    @Override
    public void close() {
        workers.close();
        long until = System.nanoTime() + CLOSE_WAIT.toNanos();
        while (workers.size() > 0 && System.nanoTime() < until) {
            LockSupport.parkNanos(this, 5_000_000);
        }
        closed = true;
        LockSupport.unpark(clock);
        egress.close();
        workers.clear();
    }
}
