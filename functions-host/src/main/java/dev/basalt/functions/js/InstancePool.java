package dev.basalt.functions.js;

import dev.basalt.functions.runtime.Artifact;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.worker.FrameReader;
import dev.basalt.functions.worker.FrameWriter;
import dev.basalt.functions.worker.Op;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The instances of one function version in its project's worker, and the calls that wait for one. Thread-safe: its own lock
 * guards all of it and is never held while a promise completes.
 */
final class InstancePool {
    private final JsConfig config;
    private final FunctionVersion function;
    private final ProjectLane lane;
    private final Deque<Instance> idle = new ArrayDeque<>();
    private final Deque<Call> queue = new ArrayDeque<>();
    private int live;
    private boolean retired;

    InstancePool(JsConfig config, FunctionVersion function, ProjectLane lane) {
        this.config = config;
        this.function = function;
        this.lane = lane;
    }

    FunctionVersion function() {
        return function;
    }

    /** Takes a call: runs it at once, or queues it, or refuses it. */
    void submit(Call call) {
        Instance instance;
        boolean refused = false;
        boolean start = false;
        synchronized (this) {
            instance = idle.pollFirst();
            if (instance == null) {
                if (queue.size() >= config.maxQueue()) {
                    refused = true;
                } else {
                    queue.add(call);
                    if (live < config.maxInstances()) {
                        live++;
                        start = true;
                    }
                }
            }
        }
        if (instance != null) {
            instance.run(call);
        } else if (refused) {
            call.fail(Failure.of(Failure.Kind.OVERLOADED, "the function's queue is full"));
        } else if (start) {
            startInstance(call);
        }
    }

    /** Lets idle instances go, now and from now on. */
    void retire() {
        List<Instance> going;
        synchronized (this) {
            retired = true;
            going = new ArrayList<>(idle);
            idle.clear();
            live -= going.size();
        }
        going.forEach(Instance::unload);
    }

    /** The loop's regular look: calls that waited too long, instances that idled too long. */
    void sweep(long now) {
        List<Call> late = new ArrayList<>(0);
        List<Instance> stale = new ArrayList<>(0);
        synchronized (this) {
            while (!queue.isEmpty()
                    && now - queue.peekFirst().acceptedNanos
                            > config.queueTimeout().toNanos()) {
                late.add(queue.pollFirst());
            }
            Iterator<Instance> instances = idle.descendingIterator();
            while (instances.hasNext()) {
                Instance instance = instances.next();
                if (now - instance.idleSince <= config.instanceIdle().toNanos()) {
                    break;
                }
                instances.remove();
                live--;
                stale.add(instance);
            }
        }
        late.forEach(call ->
                call.fail(Failure.of(Failure.Kind.OVERLOADED, "no instance of the function came free in time")));
        stale.forEach(Instance::unload);
    }

    synchronized int waiting() {
        return queue.size();
    }

    synchronized int instances() {
        return live;
    }

    synchronized boolean unused() {
        return live == 0 && queue.isEmpty();
    }

    private void startInstance(Call first) {
        first.cold = true;
        Future<Worker> worker = lane.worker();
        Future<Artifact> artifact = function.artifact().get();
        Future.all(worker, artifact)
                .onSuccess(both -> new Instance(worker.result()).load(artifact.result(), first))
                .onFailure(failure -> {
                    Failure.Kind kind = failure instanceof LaneException ours ? ours.kind() : Failure.Kind.UNAVAILABLE;
                    notStarted(Failure.of(kind, String.valueOf(failure.getMessage())), true);
                });
    }

    /**
     * An instance did not come to be.
     *
     * @param all whether that goes for every waiting call, not only the one it was made for
     */
    private void notStarted(Failure failure, boolean all) {
        List<Call> failed = new ArrayList<>();
        Call next = null;
        synchronized (this) {
            live--;
            if (all) {
                failed.addAll(queue);
                queue.clear();
            } else {
                Call one = queue.pollFirst();
                if (one != null) {
                    failed.add(one);
                }
                next = queue.peekFirst();
                if (next != null && live == 0) {
                    live++;
                } else {
                    next = null;
                }
            }
        }
        failed.forEach(call -> call.fail(failure));
        if (next != null) {
            startInstance(next);
        }
    }

    private void release(Instance instance) {
        Call next;
        boolean unload = false;
        synchronized (this) {
            next = queue.pollFirst();
            if (next == null) {
                if (retired) {
                    live--;
                    unload = true;
                } else {
                    instance.idleSince = System.nanoTime();
                    idle.addFirst(instance);
                }
            }
        }
        if (next != null) {
            instance.run(next);
        } else if (unload) {
            instance.unload();
        }
    }

    private void lost(Instance instance) {
        Call next = null;
        synchronized (this) {
            idle.remove(instance);
            live--;
            if (live < config.maxInstances() && !queue.isEmpty()) {
                next = queue.peekFirst();
                live++;
            }
        }
        if (next != null) {
            startInstance(next);
        }
    }

    /** Takes the idle instances of a dead worker out. */
    void workerGone(Worker worker) {
        synchronized (this) {
            int before = idle.size();
            idle.removeIf(instance -> instance.worker == worker);
            live -= before - idle.size();
        }
    }

    /** One isolate in the worker. */
    private final class Instance {
        private final Worker worker;
        private final int id;
        private volatile long idleSince;

        Instance(Worker worker) {
            this.worker = worker;
            this.id = worker.nextRequest();
        }

        void load(Artifact artifact, Call first) {
            long start = System.nanoTime();
            int number = worker.nextRequest();
            FrameWriter frame = new FrameWriter(Op.LOAD, number, 4096)
                    .int32(id)
                    .int32((int) config.initTimeout().toMillis())
                    .int32(Math.min(function.memoryMb(), config.maxHeapMb()))
                    .int32(config.maxResponseBytes())
                    .int32(config.maxLogBytes())
                    .string(function.environment().encode())
                    .string(artifact.entrypoint());
            Frames.files(frame, artifact);
            long killAt = start + config.initTimeout().plus(config.killGrace()).toNanos();
            worker.request(number, frame, new Worker.Reply() {
                @Override
                public boolean frame(FrameReader frame) {
                    switch (frame.op()) {
                        case Op.LOGS -> first.logs.addAll(Frames.logs(frame, first.logs.size()));
                        case Op.LOADED -> {
                            first.initMicros = (System.nanoTime() - start) / 1_000;
                            release(Instance.this);
                            return true;
                        }
                        default -> {
                            frame.int8();
                            frame.int32();
                            frame.int32();
                            Failure failure = Frames.failure(frame);
                            notStarted(failure, failure.kind() == Failure.Kind.COMPILE);
                            return true;
                        }
                    }
                    return false;
                }

                @Override
                public void gone(String why, boolean overdue) {
                    notStarted(
                            Failure.of(overdue ? Failure.Kind.TIMEOUT : Failure.Kind.CRASHED, why + " while it loaded"),
                            false);
                }

                @Override
                public long killAtNanos() {
                    return killAt;
                }
            });
        }

        void run(Call call) {
            int number = worker.nextRequest();
            FrameWriter frame = Frames.invoke(number, id, call.invocation);
            long now = System.nanoTime();
            call.sentNanos = now;
            lane.touch(now);
            long deadline = now + call.invocation.timeout().toNanos();
            long killAt = deadline + config.killGrace().toNanos();
            worker.request(number, frame, new Worker.Reply() {
                @Override
                public boolean frame(FrameReader frame) {
                    if (frame.op() == Op.LOGS) {
                        call.logs.addAll(Frames.logs(frame, call.logs.size()));
                        return false;
                    }
                    int flags = frame.int8();
                    // Freed before the caller hears: its next call then finds this instance, not the need for another.
                    if ((flags & Op.FLAG_GONE) != 0) {
                        lost(Instance.this);
                    } else if ((flags & Op.FLAG_DONE) != 0) {
                        release(Instance.this);
                    }
                    if (frame.op() != Op.DONE) {
                        Frames.finish(call, frame);
                    }
                    return (flags & Op.FLAG_DONE) != 0;
                }

                @Override
                public void gone(String why, boolean overdue) {
                    boolean late = overdue && System.nanoTime() - deadline > 0;
                    call.fail(Failure.of(
                            late ? Failure.Kind.TIMEOUT : Failure.Kind.CRASHED,
                            late ? "the function did not finish within its time limit" : why));
                    lost(Instance.this);
                }

                @Override
                public long killAtNanos() {
                    return killAt;
                }
            });
        }

        void unload() {
            worker.notify(new FrameWriter(Op.UNLOAD, 0, 0).int32(id));
        }
    }

    /** A failure of the lane below, with the kind that calls see. */
    static final class LaneException extends Exception {
        private final Failure.Kind kind;

        LaneException(Failure.Kind kind, String message, @Nullable Throwable cause) {
            super(message, cause, false, false);
            this.kind = kind;
        }

        Failure.Kind kind() {
            return kind;
        }
    }
}
