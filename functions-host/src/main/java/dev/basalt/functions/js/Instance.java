package dev.basalt.functions.js;

import dev.basalt.functions.egress.Egress;
import dev.basalt.functions.runtime.Artifact;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.Outcome.LogLine;
import dev.basalt.functions.worker.FrameReader;
import dev.basalt.functions.worker.FrameWriter;
import dev.basalt.functions.worker.Op;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.impl.ContextInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One isolate of a function in a worker, whose answers are read on one event loop. Its pool gives it as many calls at a time as
 * the function takes; each ends with exactly one word to the pool: released, or lost with the instance.
 */
final class Instance {
    private final InstancePool pool;
    private final JsConfig config;
    private final Egress egress;
    private final FunctionVersion function;
    private volatile ContextInternal context;
    /** The call that waits for it to start; none where it is made for calls to come. */
    private final @Nullable Call first;

    private final List<LogLine> initLogs = new ArrayList<>(0);
    /** Whether its isolate was there before it was asked for. */
    private boolean stocked;

    /** Whether its first call has had its turn. */
    private boolean settled;

    private long initMicros;
    private volatile @Nullable Worker worker;
    private volatile @Nullable WorkerStream stream;
    volatile long idleSince;
    /** Calls under way; guarded by the pool's lock. */
    int active;
    /** Whether it takes no more calls; guarded by the pool's lock. */
    boolean retired;

    Instance(
            InstancePool pool,
            JsConfig config,
            Egress egress,
            FunctionVersion function,
            ContextInternal context,
            @Nullable Call first) {
        this.pool = pool;
        this.config = config;
        this.egress = egress;
        this.function = function;
        this.context = context;
        this.first = first;
    }

    EventLoop loop() {
        return context.nettyEventLoop();
    }

    @Nullable
    Call first() {
        return first;
    }

    boolean dead() {
        Worker present = worker;
        return present != null && present.dead();
    }

    /** Loads the function into a new isolate of the worker, once its files are there. */
    void start(Worker chosen, Future<Artifact> files) {
        worker = chosen;
        // A call that waits takes what is there; an instance for its event loop's calls to come is read on that loop.
        Future<WorkerStream> opening =
                first == null ? chosen.open(context) : chosen.spare().take(context);
        stocked = opening.isComplete();
        opening.onSuccess(opened -> {
                    context = opened.context();
                    stream = opened;
                    files.onSuccess(artifact -> load(opened, artifact)).onFailure(failure -> {
                        opened.close();
                        pool.notStarted(this, failure);
                    });
                })
                .onFailure(failure -> pool.notStarted(
                        this, Failure.of(Failure.Kind.CRASHED, failure.getMessage() + " while it loaded"), false));
    }

    private void load(WorkerStream opened, Artifact artifact) {
        long start = System.nanoTime();
        int number = opened.nextRequest();
        FrameWriter frame = new FrameWriter(Op.LOAD, number, 4096)
                .int32((int) config.initTimeout().toMillis())
                .int32(Math.min(function.manifest().memoryMb(), config.maxHeapMb()))
                .int32(config.maxResponseBytes())
                .int32(config.maxLogBytes())
                .int32(egress.config().maxCalls())
                .int32(egress.config().maxOpenCalls())
                .string(function.environment().encode())
                .string(artifact.entrypoint());
        long killAt = start + config.initTimeout().plus(config.killGrace()).toNanos();
        opened.request(number, Frames.files(frame, artifact), new WorkerStream.Reply() {
            @Override
            public boolean frame(FrameReader frame) {
                if (frame.op() == Op.LOGS) {
                    initLogs.addAll(Frames.logs(frame, initLogs.size()));
                    return false;
                }
                if (frame.op() == Op.LOADED) {
                    initMicros = (System.nanoTime() - start) / 1_000;
                    pool.started(Instance.this, stocked);
                    return true;
                }
                frame.int8();
                frame.int32();
                frame.int32();
                frame.int32();
                Failure failure = Frames.failure(frame);
                opened.close();
                pool.notStarted(Instance.this, failure, failure.kind() == Failure.Kind.COMPILE);
                return true;
            }

            @Override
            public void gone(Worker.End end) {
                Failure.Kind kind = end.overdue() ? Failure.Kind.TIMEOUT : Failure.Kind.CRASHED;
                pool.notStarted(Instance.this, Failure.of(kind, end.why() + " while it loaded"), false);
            }

            @Override
            public long killAtNanos() {
                return killAt;
            }
        });
    }

    void run(Call call) {
        WorkerStream open = Objects.requireNonNull(stream, "started");
        long now = System.nanoTime();
        call.sentNanos = now;
        call.progress.started();
        if (initMicros > 0) {
            call.initMicros = initMicros;
            call.logs.addAll(initLogs);
            call.progress.printed(initLogs);
            initMicros = 0;
        }
        long deadline = now + call.invocation.timeout().toNanos();
        int number = open.nextRequest();
        RunStreams streams = new RunStreams(context, number, egress, function::mayCall, call.invocation, open::send);
        call.streams = streams;
        open.request(number, Frames.invoke(number, call.invocation), new RunReply(call, streams, open, deadline));
        streams.start(call.context());
    }

    /** Reads what the worker says of one call. */
    private final class RunReply implements WorkerStream.Reply {
        private final Call call;
        private final RunStreams streams;
        private final WorkerStream open;
        private final long deadline;

        RunReply(Call call, RunStreams streams, WorkerStream open, long deadline) {
            this.call = call;
            this.streams = streams;
            this.open = open;
            this.deadline = deadline;
        }

        @Override
        public boolean frame(FrameReader frame) {
            return switch (frame.op()) {
                case Op.LOGS -> {
                    List<LogLine> lines = Frames.logs(frame, call.logs.size());
                    call.logs.addAll(lines);
                    call.progress.printed(lines);
                    yield false;
                }
                case Op.RESULT, Op.FAILED, Op.DONE -> told(frame);
                default -> {
                    streams.frame(frame);
                    yield false;
                }
            };
        }

        private boolean told(FrameReader frame) {
            int flags = frame.int8();
            boolean over = (flags & Op.FLAG_DONE) != 0;
            boolean late = System.nanoTime() - deadline > 0;
            // Freed before the caller hears: its next call then finds this instance, not the need for another.
            if ((flags & Op.FLAG_GONE) != 0) {
                open.closeWhenIdle();
                pool.lost(Instance.this);
            } else if (over) {
                // One that ran out of time beside others may still hold what they share.
                pool.release(Instance.this, late);
            }
            if (over) {
                streams.end("the function ended before its answer did");
            }
            Frames.tell(call, flags, frame);
            if (!settled) {
                settled = true;
                Objects.requireNonNull(worker, "started").spare().restock();
            }
            return over;
        }

        @Override
        public void gone(Worker.End end) {
            boolean late = end.overdue() && System.nanoTime() - deadline > 0;
            streams.end(end.why());
            call.fail(Failure.of(
                    late ? Failure.Kind.TIMEOUT : Failure.Kind.CRASHED,
                    late ? "the function did not finish within its time limit" : end.why()));
            pool.lost(Instance.this);
        }

        @Override
        public long killAtNanos() {
            return deadline + config.killGrace().toNanos();
        }
    }

    /** Ends the isolate; call it when idle. */
    void unload() {
        WorkerStream open = stream;
        if (open != null) {
            open.close();
        }
    }
}
