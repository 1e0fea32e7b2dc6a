package dev.basalt.functions.js;

import dev.basalt.functions.runtime.Artifact;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FunctionRuntime;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Isolation;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.functions.worker.FrameReader;
import dev.basalt.functions.worker.FrameWriter;
import dev.basalt.functions.worker.Op;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** The engine for JavaScript: see the package. Thread-safe. */
public final class JsRuntime implements FunctionRuntime {
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(3);
    private static final String CHECKS = "";

    private final JsConfig config;
    private final boolean untrusted;
    private final WorkerLoop loop;
    private final WorkerPool workers;
    /** One a project that ever ran a function here: an empty one is some hundred bytes. */
    private final Map<String, ProjectLane> lanes = new ConcurrentHashMap<>();

    /**
     * @param untrusted whether functions may be strangers', so that anything less than full isolation runs none
     * @param home where the worker's files are laid out
     */
    public JsRuntime(JsConfig config, boolean untrusted, Path home) {
        this.config = config;
        this.untrusted = untrusted;
        this.loop = new WorkerLoop(this::sweep, this::busy);
        this.workers = new WorkerPool(config, home, loop, this::makeRoom);
    }

    @Override
    public String name() {
        return "js";
    }

    @Override
    public Isolation isolation() {
        return workers.isolation();
    }

    @Override
    public Future<Outcome> invoke(FunctionVersion function, Invocation invocation) {
        Optional<Failure> refusal = refusal();
        if (refusal.isPresent()) {
            return Future.succeededFuture(new Outcome(new Outcome.Result.Failed(refusal.get()), Outcome.Report.NONE));
        }
        Promise<Outcome> promise = promise();
        lane(function.project()).submit(function, new Call(invocation, promise));
        return promise.future();
    }

    @Override
    public Future<Optional<Failure>> check(Artifact artifact) {
        Optional<Failure> refusal = refusal();
        if (refusal.isPresent()) {
            return Future.succeededFuture(refusal);
        }
        Promise<Optional<Failure>> promise = promise();
        // Checked in a worker that no project's functions run in: the source may be anybody's.
        lane(CHECKS)
                .worker()
                .onFailure(failure -> promise.tryComplete(
                        Optional.of(Failure.of(Failure.Kind.UNAVAILABLE, "no worker could be started"))))
                .onSuccess(worker -> {
                    lane(CHECKS).touch(System.nanoTime());
                    int number = worker.nextRequest();
                    FrameWriter frame = new FrameWriter(Op.CHECK, number, 4096).string(artifact.entrypoint());
                    worker.request(number, Frames.files(frame, artifact), new CheckReply(promise));
                });
        return promise.future();
    }

    private final class CheckReply implements Worker.Reply {
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
                promise.tryComplete(Optional.of(Frames.failure(frame)));
            }
            return true;
        }

        @Override
        public void gone(String why, boolean overdue) {
            promise.tryComplete(Optional.of(Failure.of(Failure.Kind.CRASHED, why + " while it compiled the files")));
        }

        @Override
        public long killAtNanos() {
            return killAt;
        }
    }

    @Override
    public void retire(String project, String function) {
        ProjectLane lane = lanes.get(project);
        if (lane != null) {
            lane.retire(function);
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
        return lane != null ? lane : lanes.computeIfAbsent(project, ref -> new ProjectLane(config, workers));
    }

    /** A promise that completes on the caller's context, so that requests go on where they began. */
    private static <T> Promise<T> promise() {
        return Vertx.currentContext() instanceof ContextInternal context ? context.promise() : Promise.promise();
    }

    private boolean busy() {
        return lanes.values().stream().anyMatch(ProjectLane::hasWorker);
    }

    private void sweep() {
        long now = System.nanoTime();
        workers.sweep(now);
        lanes.values().forEach(lane -> {
            lane.sweep(now);
            if (!lane.busy() && now - lane.lastUsedNanos() > config.workerIdle().toNanos()) {
                lane.stop();
            }
        });
    }

    private void makeRoom() {
        lanes.values().stream()
                .filter(lane -> lane.running() != null && !lane.busy())
                .min(Comparator.comparingLong(ProjectLane::lastUsedNanos))
                .ifPresent(ProjectLane::stop);
    }

    @Override
    public void close() {
        workers.close();
        long until = System.nanoTime() + CLOSE_WAIT.toNanos();
        while (workers.size() > 0 && System.nanoTime() < until) {
            LockSupport.parkNanos(this, 5_000_000);
        }
        loop.close();
        workers.clear();
    }
}
