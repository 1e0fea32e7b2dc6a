package dev.basalt.functions.process;

import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.Outcome.LogLine;
import dev.basalt.functions.share.Shares;
import io.vertx.core.Future;
import io.vertx.core.impl.ContextInternal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The processes of one function version and the calls that wait for one. Thread-safe: its own lock guards all of it and is never
 * held while a promise completes or a process is told something.
 */
final class ProcessPool {
    private static final long KEEP_RETRY_NANOS = 10_000_000_000L;

    private final FunctionVersion function;
    private final ProcessEngine engine;
    private final Admission admission;
    private final Shares shares;
    private final int concurrency;
    private final int maxInstances;
    private final int maxQueue;
    private final long idleNanos;
    private final List<Instance> instances = new ArrayList<>();
    private final Deque<Call> queue = new ArrayDeque<>();
    private @Nullable Future<Prepared> prepared;
    private long lastUsedNanos = System.nanoTime();
    private boolean retired;
    /** Where the processes that are kept are spoken to; none where none is. */
    private @Nullable ContextInternal keptOn;

    private long keepAfterNanos = System.nanoTime();

    ProcessPool(FunctionVersion function, ProcessEngine engine, Admission admission, Shares shares) {
        this.function = function;
        this.engine = engine;
        this.admission = admission;
        this.shares = shares;
        var scaling = function.manifest().scaling();
        var config = engine.config();
        this.concurrency = scaling.concurrency().orElse(1);
        this.maxInstances = scaling.maxInstances().orElse(config.maxInstances());
        this.maxQueue = scaling.queue().orElse(config.maxQueue());
        this.idleNanos = scaling.idle().orElse(config.instanceIdle()).toNanos();
    }

    FunctionVersion function() {
        return function;
    }

    /** Takes a call: runs it at once, or queues it, or refuses it. */
    void submit(Call call) {
        Instance free;
        boolean refused;
        synchronized (this) {
            lastUsedNanos = System.nanoTime();
            free = takeFree();
            refused = free == null && queue.size() >= maxQueue + startable();
            if (free == null && !refused) {
                queue.add(call);
            }
        }
        if (free != null) {
            run(free, call);
        } else if (refused) {
            call.fail(Failure.of(Failure.Kind.OVERLOADED, "the function's queue is full"));
        } else {
            grow();
        }
    }

    private void run(Instance instance, Call call) {
        shares.enter(
                function.project(),
                call.invocation.links().awaited(),
                call.loop(),
                place -> {
                    call.place = place;
                    instance.run(call);
                },
                () -> {
                    call.fail(Failure.of(Failure.Kind.OVERLOADED, "the project has too many calls under way"));
                    released(instance);
                });
    }

    /** A call that its process never saw gets another chance, once. */
    void again(Call call) {
        call.leave();
        if (call.retried) {
            call.fail(Failure.of(Failure.Kind.CRASHED, "the process ended before it took the invocation"));
            return;
        }
        call.retried = true;
        submit(call);
    }

    /** Calls that wait for a process that is being made do not count as queued. */
    private int startable() {
        return Math.max(
                        0,
                        maxInstances
                                - (int) instances.stream()
                                        .filter(each -> each.ready)
                                        .count())
                * concurrency;
    }

    /** Whether a process takes calls. */
    private static boolean open(Instance instance) {
        return instance.ready && !instance.leaving && !instance.stopped();
    }

    private @Nullable Instance takeFree() {
        for (Instance instance : instances) {
            if (open(instance) && instance.busy < concurrency) {
                instance.busy++;
                return instance;
            }
        }
        return null;
    }

    /** Starts processes while calls wait that no process being started will take. */
    void grow() {
        while (wanting() != null) {
            // Not under the lock: it looks at other pools, which may look at this one.
            Admission.Answer place = admission.admit(function.project());
            Instance fresh = null;
            Future<Prepared> files = null;
            Call refused = null;
            synchronized (this) {
                Call first = wanting();
                if (place == Admission.Answer.YES && first != null) {
                    fresh = another(first.loop());
                    files = prepared;
                } else if (place == Admission.Answer.NO && instances.isEmpty()) {
                    refused = queue.pollFirst();
                }
            }
            if (fresh != null && files != null) {
                fresh.start(files);
            } else if (refused != null) {
                refused.fail(Failure.of(Failure.Kind.OVERLOADED, "all processes of this host are in use"));
            } else {
                if (place == Admission.Answer.YES) {
                    admission.giveBack();
                }
                return;
            }
        }
    }

    /** The call for which one more process is wanted, if one is. */
    private synchronized @Nullable Call wanting() {
        long starting = instances.stream().filter(each -> !each.ready).count();
        return starting * concurrency >= queue.size() || instances.size() >= maxInstances ? null : queue.peekFirst();
    }

    private Instance another(ContextInternal loop) {
        Instance fresh = new Instance(engine.nextName(), this, engine, loop);
        instances.add(fresh);
        if (prepared == null || prepared.failed()) {
            prepared = engine.prepare(function);
        }
        return fresh;
    }

    /** Keeps as many processes as the manifest says, from now on. */
    void keep(ContextInternal loop) {
        synchronized (this) {
            keptOn = loop;
        }
        fill(System.nanoTime());
    }

    /** Starts the processes that are to be kept and are not there, where there is room. */
    private void fill(long now) {
        while (true) {
            Instance fresh;
            Future<Prepared> files;
            synchronized (this) {
                ContextInternal loop = keptOn;
                if (loop == null
                        || now - keepAfterNanos < 0
                        || instances.size() >= function.manifest().scaling().minInstances()
                        || !admission.admitFree()) {
                    return;
                }
                fresh = another(loop);
                files = Objects.requireNonNull(prepared);
            }
            fresh.start(files);
        }
    }

    /** A process takes calls from now on. */
    void ready(Instance instance) {
        List<Call> calls = new ArrayList<>();
        synchronized (this) {
            instance.ready = true;
            instance.idleSince = System.nanoTime();
            while (instance.busy < concurrency && !queue.isEmpty()) {
                Call call = queue.removeFirst();
                call.cold = true;
                calls.add(call);
                instance.busy++;
            }
        }
        calls.forEach(call -> run(instance, call));
        stopIfDone(instance);
    }

    /** A call of the process has ended. */
    void released(Instance instance) {
        Call next;
        synchronized (this) {
            instance.busy--;
            next = instance.leaving || instance.stopped() ? null : queue.pollFirst();
            if (next != null) {
                instance.busy++;
            }
            instance.idleSince = System.nanoTime();
            lastUsedNanos = instance.idleSince;
        }
        if (next != null) {
            run(instance, next);
        } else {
            stopIfDone(instance);
        }
    }

    private void stopIfDone(Instance instance) {
        boolean stop;
        synchronized (this) {
            stop = (retired || instance.leaving) && instance.busy == 0;
            instance.leaving |= stop;
        }
        if (stop) {
            instance.stop();
        }
    }

    /** A process is gone; where it never took a call, the one that waited longest fails for it. */
    void lost(Instance instance, Failure why, List<LogLine> logs, long micros) {
        Call failed = null;
        synchronized (this) {
            instances.remove(instance);
            if (!instance.ready) {
                keepAfterNanos = System.nanoTime() + KEEP_RETRY_NANOS;
                failed = queue.pollFirst();
            }
        }
        admission.gone();
        if (failed != null) {
            failed.cold = true;
            failed.initMicros = micros;
            failed.logs.addAll(logs);
            failed.fail(why);
        }
        grow();
        clearIfDone();
    }

    /** The clock's regular look: calls that waited too long, processes that idled too long. */
    void sweep(long now) {
        List<Call> late = new ArrayList<>(0);
        List<Instance> stale = new ArrayList<>(0);
        synchronized (this) {
            long longest = engine.config().queueTimeout().toNanos()
                    + engine.config().initTimeout().toNanos()
                            * (instances.stream().allMatch(each -> each.ready) ? 0 : 1);
            while (!queue.isEmpty() && now - queue.peekFirst().acceptedNanos > longest) {
                late.add(queue.pollFirst());
            }
            int spare = instances.size()
                    - (retired ? 0 : function.manifest().scaling().minInstances());
            for (Instance instance : instances) {
                if (spare <= 0) {
                    break;
                }
                if (instance.ready && !instance.leaving && instance.busy == 0 && now - instance.idleSince > idleNanos) {
                    instance.leaving = true;
                    stale.add(instance);
                    spare--;
                }
            }
        }
        late.forEach(call ->
                call.fail(Failure.of(Failure.Kind.OVERLOADED, "no instance of the function came free in time")));
        stale.forEach(Instance::stop);
        fill(now);
    }

    /** When the process that has idled longest did so; empty where none idles. */
    synchronized OptionalLong idleSince() {
        return instances.stream()
                .filter(each -> open(each) && each.busy == 0)
                .mapToLong(each -> each.idleSince)
                .min();
    }

    /** Ends the process that has idled longest; answers whether there was one. */
    boolean stopIdlest() {
        Instance idlest;
        synchronized (this) {
            idlest = instances.stream()
                    .filter(each -> open(each) && each.busy == 0)
                    .min(Comparator.comparingLong(each -> each.idleSince))
                    .orElse(null);
            if (idlest != null) {
                idlest.leaving = true;
            }
        }
        if (idlest != null) {
            idlest.stop();
        }
        return idlest != null;
    }

    /** Ends the process that has fewest calls as soon as they have ended; answers whether there is one. */
    synchronized boolean yieldOne() {
        return instances.stream()
                .filter(each -> open(each) && each.busy > 0)
                .min(Comparator.comparingInt(each -> each.busy))
                .map(each -> each.leaving = true)
                .orElse(false);
    }

    /** Lets processes go as soon as they idle, and all of them at once when told so. */
    void retire(boolean now) {
        List<Instance> going;
        synchronized (this) {
            retired = true;
            keptOn = null;
            going = instances.stream()
                    .filter(each -> now || (each.ready && each.busy == 0 && queue.isEmpty()))
                    .toList();
            going.forEach(each -> each.leaving = true);
        }
        going.forEach(Instance::stop);
        clearIfDone();
    }

    private void clearIfDone() {
        Future<Prepared> done;
        synchronized (this) {
            if (!retired || !instances.isEmpty() || !queue.isEmpty()) {
                return;
            }
            done = prepared;
            prepared = null;
        }
        if (done != null && done.succeeded()) {
            var _ = Thread.ofVirtual()
                    .start(() -> TaskDirectory.delete(done.result().task().directory()));
        }
    }

    synchronized int waiting() {
        return queue.size();
    }

    synchronized int instances() {
        return instances.size();
    }

    /** Whether it has had nothing to do for longer than its processes may idle. */
    synchronized boolean unused(long now) {
        return keptOn == null
                && instances.isEmpty()
                && queue.isEmpty()
                && now - lastUsedNanos > Math.max(idleNanos, TimeUnit.SECONDS.toNanos(1));
    }
}
