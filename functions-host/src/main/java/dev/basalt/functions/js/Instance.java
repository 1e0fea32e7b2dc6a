package dev.basalt.functions.js;

import dev.basalt.functions.egress.Egress;
import dev.basalt.functions.runtime.Artifact;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.functions.runtime.Outcome.LogLine;
import dev.basalt.functions.worker.FrameReader;
import dev.basalt.functions.worker.FrameWriter;
import dev.basalt.functions.worker.Op;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.impl.ContextInternal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One isolate of a function in a worker, whose answers are read on one event loop. Its pool gives it as many calls at a time as
 * the function takes; each ends with exactly one word to the pool: released, or lost with the instance.
 *
 * <p>Where that is one at a time, others may be sent along behind it. One of those begins here when the end of the one before it
 * is read, which the worker writes before it begins the next: until then it is handed back where the worker or the instance
 * does not get to it. They are sent and read on the event loop alone, so that the worker gets them in the order that is known here.
 */
final class Instance {
    private static final Failure UNFINISHED =
            Failure.of(Failure.Kind.BAD_ANSWER, "the function ended before its answer did");

    private final InstancePool pool;
    private final JsConfig config;
    private final Egress egress;
    private final FunctionVersion function;
    private volatile ContextInternal context;
    /** The call that waits for it to start; none where it is made for calls to come. */
    private final @Nullable Call first;

    /** Those under way where it is one at a time: the first one runs. Belongs to the event loop. */
    private final Deque<RunReply> sent = new ArrayDeque<>();

    private final List<LogLine> initLogs = new ArrayList<>(0);
    /** Whether its isolate was there before it was asked for. */
    private boolean stocked;

    /** Whether its first call has had its turn. */
    private boolean settled;

    private long initMicros;
    private volatile @Nullable Worker worker;
    private volatile @Nullable WorkerStream stream;
    volatile long idleSince;
    /** Calls that it was given and has not ended; guarded by the pool's lock. */
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
                .int32(function.concurrency())
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
            public boolean overdue(long nowNanos) {
                return nowNanos - killAt > 0;
            }
        });
    }

    /** Runs a call, behind those that it was given before where it takes one at a time. */
    void run(Call call) {
        if (loop().inEventLoop()) {
            send(call);
        } else {
            context.runOnContext(on -> send(call));
        }
    }

    /** Whether a call runs, so that another can be sent along behind it; on the event loop. */
    boolean running() {
        return !sent.isEmpty();
    }

    private void send(Call call) {
        WorkerStream open = Objects.requireNonNull(stream, "started");
        call.sentNanos = System.nanoTime();
        RunReply reply = new RunReply(call, open, open.nextRequest());
        boolean first = sent.isEmpty();
        if (function.concurrency() == 1) {
            sent.add(reply);
        }
        if (first) {
            reply.begin();
        }
        open.request(reply.number, Frames.invoke(reply.number, call.invocation), reply);
        if (first) {
            reply.streams.start(call.context());
        }
    }

    /** Takes all back that were sent and have not begun, in their order. */
    private List<Call> takeBack() {
        List<Call> calls = new ArrayList<>(0);
        for (RunReply reply : sent) {
            if (!reply.begun) {
                reply.open.forget(reply.number);
                calls.add(reply.call);
            }
        }
        sent.clear();
        return calls;
    }

    /** Reads what the worker says of one call. */
    private final class RunReply implements WorkerStream.Reply {
        private final Call call;
        private final RunStreams streams;
        private final WorkerStream open;
        private final int number;
        private long deadline;
        private volatile boolean begun;

        RunReply(Call call, WorkerStream open, int number) {
            this.call = call;
            this.open = open;
            this.number = number;
            this.streams = new RunStreams(context, number, egress, function::mayCall, call.invocation, open::send);
        }

        /** It has the instance: what is limited counts from now. */
        void begin() {
            long now = System.nanoTime();
            call.startedNanos = now;
            call.streams = streams;
            call.progress.started();
            if (initMicros > 0) {
                call.initMicros = initMicros;
                call.logs.addAll(initLogs);
                call.progress.printed(initLogs);
                initMicros = 0;
            }
            deadline = now + call.invocation.timeout().toNanos();
            begun = true;
        }

        @Override
        public boolean frame(FrameReader frame) {
            if (!begun) {
                return handedBack(frame);
            }
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

        private boolean handedBack(FrameReader frame) {
            if (frame.op() != Op.BACK) {
                throw new IllegalStateException("frame " + frame.op() + " of a call whose turn it is not");
            }
            sent.remove(this);
            pool.handedBack(Instance.this, call);
            return true;
        }

        private boolean told(FrameReader frame) {
            int flags = frame.int8();
            int runMicros = frame.int32();
            int cpuMicros = frame.int32();
            int peakKib = frame.int32();
            boolean over = (flags & Op.FLAG_DONE) != 0;
            boolean late = System.nanoTime() - deadline > 0;
            // Freed before the caller hears: its next call then finds this instance, not the need for another.
            if ((flags & Op.FLAG_GONE) != 0) {
                open.closeWhenIdle();
                pool.lost(Instance.this, takeBack());
            } else if (over) {
                next();
                // One that ran out of time beside others may still hold what they share.
                pool.ended(Instance.this, late, runMicros);
            }
            Outcome.Result result = Frames.result(call, flags, frame);
            if (over) {
                streams.end(result instanceof Outcome.Result.Failed failed ? failed.failure() : UNFINISHED);
                call.finish(result, runMicros, cpuMicros, peakKib);
            } else {
                call.answer(result, runMicros, cpuMicros, peakKib);
            }
            if (!settled) {
                settled = true;
                Objects.requireNonNull(worker, "started").spare().restock();
            }
            return over;
        }

        /** Hands the instance, and the place to run, on to the call that was sent behind this one. */
        private void next() {
            sent.poll();
            RunReply next = sent.peek();
            if (next != null) {
                next.call.place = call.place;
                call.place = null;
                next.begin();
                next.streams.start(next.call.context());
            }
        }

        @Override
        public void gone(Worker.End end) {
            if (!begun) {
                // The one before it hands it back.
                return;
            }
            boolean late = end.overdue() && System.nanoTime() - deadline > 0;
            Failure failure = Failure.of(
                    late ? Failure.Kind.TIMEOUT : Failure.Kind.CRASHED,
                    late ? "the function did not finish within its time limit" : end.why());
            streams.end(failure);
            call.fail(failure);
            pool.lost(Instance.this, takeBack());
        }

        @Override
        public boolean overdue(long nowNanos) {
            return begun && nowNanos - deadline > config.killGrace().toNanos();
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
