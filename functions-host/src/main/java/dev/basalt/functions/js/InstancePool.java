package dev.basalt.functions.js;

import dev.basalt.functions.egress.Egress;
import dev.basalt.functions.runtime.Artifact;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.share.Shares;
import dev.basalt.kit.function.FunctionManifest;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.impl.ContextInternal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The instances of one function version in its project's worker, and the calls that wait for one. Thread-safe: its own lock
 * guards all of it and is never held while a promise completes.
 *
 * <p>An instance belongs to the event loop where its answers are read: that of the call that it was made for or, where that call
 * waits for it, that of the worker's {@linkplain SpareStream spare stream}. A call takes an idle one of its own loop, else one of
 * another's; a loop that had to borrow gets an instance of its own while there may be more.
 *
 * <p>Where calls take so little time that waking an instance and its event loop for each is most of it, a call of the loop is
 * sent along behind one that runs; so is one that waits and whose loop has no instance. How many depends on what the last ones
 * took: what waits there waits for a millisecond at most while they go on so. Where one goes on for longer, those behind it come back and go to another.
 */
final class InstancePool {
    private static final long KEEP_RETRY_NANOS = 10_000_000_000L;

    private final JsConfig config;
    private final Egress egress;
    private final Shares shares;
    private final FunctionVersion function;
    private final ProjectLane lane;
    /** All there are, those being made included. */
    private final List<Instance> instances = new ArrayList<>();

    /** Those that can take a call more, in the order in which they are given one. */
    private final Deque<Instance> free = new ArrayDeque<>();

    private final Deque<Call> queue = new ArrayDeque<>();
    private final AheadLimit ahead = new AheadLimit();
    private boolean retired;
    /** Where the instances that are kept live; none where none is. */
    private @Nullable Supplier<ContextInternal> keptOn;

    private long keepAfterNanos = System.nanoTime();

    InstancePool(JsConfig config, Egress egress, Shares shares, FunctionVersion function, ProjectLane lane) {
        this.config = config;
        this.egress = egress;
        this.shares = shares;
        this.function = function;
        this.lane = lane;
    }

    private FunctionManifest.Scaling scaling() {
        return function.manifest().scaling();
    }

    private long idleNanos() {
        return scaling().idle().orElse(config.instanceIdle()).toNanos();
    }

    FunctionVersion function() {
        return function;
    }

    /** Takes a call: runs it at once, or queues it, or refuses it. */
    void submit(Call call) {
        Instance taken;
        Instance before = null;
        Instance fresh = null;
        boolean refused = false;
        boolean early = goesAhead(call) && call.loop().inEventLoop();
        synchronized (this) {
            if (early && queue.isEmpty() && shares.waiting() == 0 && (ahead.gathers() || !idles(call.loop()))) {
                before = runningWithRoom(call.loop());
            }
            taken = before == null ? take(call.loop()) : null;
            if (before != null) {
                before.active++;
            } else if (taken == null) {
                if (queue.size() >= scaling().queue().orElse(config.maxQueue())) {
                    refused = true;
                } else {
                    queue.add(call);
                    fresh = another(call, call);
                }
            } else if (!taken.loop().equals(call.loop()) && !serves(call.loop())) {
                fresh = another(call, null);
            }
        }
        if (before != null) {
            sendAlong(before, call);
        } else if (taken != null) {
            run(taken, call);
        } else if (refused) {
            call.fail(Failure.of(Failure.Kind.OVERLOADED, "the function's queue is full"));
        }
        if (fresh != null) {
            start(fresh);
        }
    }

    /** Whether it may be sent along: one at a time, and all of it at once. */
    private boolean goesAhead(Call call) {
        return function.concurrency() == 1 && call.invocation.links().body() == null;
    }

    private boolean idles(EventLoop loop) {
        return free.stream().anyMatch(instance -> instance.loop().equals(loop) && !instance.dead());
    }

    /** The loop's instance with the most calls behind the one that runs of those that can take more; on that event loop. */
    private @Nullable Instance runningWithRoom(EventLoop loop) {
        Instance found = null;
        int most = ahead.most();
        for (Instance instance : instances) {
            if (instance.active > 0
                    && instance.active <= most
                    && (found == null || instance.active > found.active)
                    && instance.loop().equals(loop)
                    && instance.running()
                    && !instance.retired
                    && !instance.dead()) {
                found = instance;
            }
        }
        return found;
    }

    /** An instance that can take a call, with that counted as its; best one of the loop. */
    private @Nullable Instance take(EventLoop loop) {
        free.removeIf(instance -> instance.dead() && instances.remove(instance));
        Instance found = null;
        for (Instance instance : free) {
            if (instance.loop().equals(loop)) {
                found = instance;
                break;
            }
        }
        if (found == null) {
            found = free.peekFirst();
        }
        if (found != null && ++found.active >= function.concurrency()) {
            free.remove(found);
        }
        return found;
    }

    /** Keeps as many instances as the manifest says, from now on. */
    void keep(Supplier<ContextInternal> loops) {
        synchronized (this) {
            keptOn = loops;
        }
        fill(System.nanoTime());
    }

    synchronized boolean keeps() {
        return keptOn != null;
    }

    /** Makes the instances that are to be kept and are not there, where there is room. */
    private void fill(long now) {
        // Asked before, not under the lock: whoever makes room for workers looks at pools.
        if (!keeps() || !lane.hasRoom()) {
            return;
        }
        List<Instance> fresh = new ArrayList<>(0);
        synchronized (this) {
            Supplier<ContextInternal> loops = keptOn;
            if (loops == null || now - keepAfterNanos < 0) {
                return;
            }
            while (instances.size() < kept()) {
                Instance instance = new Instance(this, config, egress, function, loops.get(), null);
                instances.add(instance);
                fresh.add(instance);
            }
        }
        fresh.forEach(this::start);
    }

    /** How many instances stay however long they idle. */
    private int kept() {
        return keptOn == null ? 0 : Math.min(scaling().minInstances(), maxInstances());
    }

    private int maxInstances() {
        return scaling().maxInstances().orElse(config.maxInstances());
    }

    private boolean serves(EventLoop loop) {
        return instances.stream().anyMatch(instance -> instance.loop().equals(loop));
    }

    /** An instance on the caller's event loop, to be started, or null when there are as many as there may be. */
    private @Nullable Instance another(Call caller, @Nullable Call first) {
        if (instances.size() >= maxInstances()) {
            return null;
        }
        Instance instance = new Instance(this, config, egress, function, caller.context(), first);
        instances.add(instance);
        return instance;
    }

    /** Sends a call behind those that the instance has: it needs no place of its own, as it runs in that of the one before it. */
    private void sendAlong(Instance instance, Call call) {
        lane.touch(System.nanoTime());
        instance.run(call);
    }

    private void run(Instance instance, Call call) {
        lane.touch(System.nanoTime());
        shares.enter(
                function.project(),
                call.invocation.links().awaited(),
                call.context(),
                place -> {
                    call.place = place;
                    instance.run(call);
                },
                () -> {
                    call.fail(Failure.of(Failure.Kind.OVERLOADED, "the project has too many calls under way"));
                    release(instance, false);
                });
    }

    /** Lets idle instances go, now and from now on. */
    void retire() {
        List<Instance> going;
        synchronized (this) {
            retired = true;
            keptOn = null;
            going = free.stream().filter(instance -> instance.active == 0).toList();
            free.clear();
            instances.removeAll(going);
        }
        going.forEach(Instance::unload);
    }

    /** The loop's regular look: calls that waited too long, instances that idled too long. */
    void sweep(long now) {
        List<Call> late = new ArrayList<>(0);
        List<Instance> stale = new ArrayList<>(0);
        synchronized (this) {
            // Those that came back from an instance stand before others that have waited for longer since.
            queue.removeIf(
                    call -> now - call.queuedNanos > config.queueTimeout().toNanos() && late.add(call));
            Iterator<Instance> old = free.descendingIterator();
            while (old.hasNext() && instances.size() > kept()) {
                Instance instance = old.next();
                if (instance.active > 0) {
                    continue;
                }
                if (now - instance.idleSince <= idleNanos()) {
                    break;
                }
                old.remove();
                instances.remove(instance);
                stale.add(instance);
            }
        }
        late.forEach(call ->
                call.fail(Failure.of(Failure.Kind.OVERLOADED, "no instance of the function came free in time")));
        stale.forEach(Instance::unload);
        fill(now);
    }

    /** Whether calls wait or run. */
    synchronized boolean busy() {
        return !queue.isEmpty() || instances.stream().anyMatch(instance -> instance.active > 0);
    }

    synchronized int waiting() {
        return queue.size()
                + instances.stream()
                        .mapToInt(instance -> Math.max(0, instance.active - function.concurrency()))
                        .sum();
    }

    synchronized int instances() {
        return instances.size();
    }

    synchronized boolean unused() {
        return instances.isEmpty() && queue.isEmpty() && keptOn == null;
    }

    private void start(Instance instance) {
        Call first = instance.first();
        if (first != null) {
            first.cold = true;
        }
        Future<Artifact> artifact = function.artifact().get();
        lane.worker()
                .onSuccess(worker -> instance.start(worker, artifact))
                .onFailure(failure -> notStarted(instance, failure));
    }

    /** An instance lacks what every one of the function needs. */
    void notStarted(Instance instance, Throwable failure) {
        Failure.Kind kind = failure instanceof LaneException ours ? ours.kind() : Failure.Kind.UNAVAILABLE;
        notStarted(instance, Failure.of(kind, String.valueOf(failure.getMessage())), true);
    }

    /**
     * An instance did not come to be.
     *
     * @param all whether that goes for every waiting call, not only the one it was made for
     */
    void notStarted(Instance instance, Failure failure, boolean all) {
        List<Call> failed = new ArrayList<>();
        Instance next = null;
        synchronized (this) {
            instances.remove(instance);
            keepAfterNanos = System.nanoTime() + KEEP_RETRY_NANOS;
            Call first = instance.first();
            if (all) {
                failed.addAll(queue);
                queue.clear();
            } else if (first != null && queue.remove(first)) {
                failed.add(first);
            }
            Call waiting = queue.peekFirst();
            if (waiting != null && instances.isEmpty()) {
                next = another(waiting, waiting);
            }
        }
        failed.forEach(call -> call.fail(failure));
        if (next != null) {
            start(next);
        }
    }

    /**
     * A new instance can take its first calls.
     *
     * @param stocked whether its isolate had been made before
     */
    void started(Instance instance, boolean stocked) {
        lane.loaded(stocked);
        synchronized (this) {
            instance.active++;
        }
        release(instance, false);
    }

    /**
     * A call has run on an instance to its end; on the instance's event loop.
     *
     * @param last whether the instance is to take no more
     */
    void ended(Instance instance, boolean last, int runMicros) {
        synchronized (this) {
            ahead.ended(runMicros);
        }
        release(instance, last);
        followUp(instance);
    }

    /** Sends those that wait along, in their order; on the instance's event loop. */
    private void followUp(Instance instance) {
        if (!instance.running() || shares.waiting() > 0) {
            return;
        }
        List<Call> next = new ArrayList<>(0);
        synchronized (this) {
            int most = ahead.most();
            Iterator<Call> waiting = queue.iterator();
            while (instance.active <= most && !instance.retired && waiting.hasNext()) {
                Call call = waiting.next();
                boolean nobodys = !serves(call.loop());
                if (goesAhead(call) && (nobodys || call.loop().equals(instance.loop()))) {
                    waiting.remove();
                    instance.active++;
                    next.add(call);
                } else if (nobodys) {
                    // Only an instance that has nothing left takes that one: it must come to that.
                    break;
                }
            }
        }
        next.forEach(call -> sendAlong(instance, call));
    }

    /** An instance has not begun a call that was sent along, as the one before it waits for something or takes long. */
    void handedBack(Instance instance, Call call) {
        synchronized (this) {
            ahead.cameBack();
        }
        resubmit(call);
        release(instance, false);
    }

    /** Takes a call that has waited at an instance: it goes before all that came later. */
    private void resubmit(Call call) {
        Instance taken;
        Instance fresh = null;
        synchronized (this) {
            taken = take(call.loop());
            if (taken == null) {
                call.queuedNanos = System.nanoTime();
                Deque<Call> earlier = new ArrayDeque<>();
                while (!queue.isEmpty() && queue.peekFirst().acceptedNanos - call.acceptedNanos < 0) {
                    earlier.addFirst(queue.pollFirst());
                }
                queue.addFirst(call);
                earlier.forEach(queue::addFirst);
                fresh = another(call, call);
            }
        }
        if (taken != null) {
            run(taken, call);
        }
        if (fresh != null) {
            start(fresh);
        }
    }

    /**
     * A call on an instance is over.
     *
     * @param last whether the instance is to take no more
     */
    private void release(Instance instance, boolean last) {
        List<Call> next = new ArrayList<>(1);
        boolean unload = false;
        synchronized (this) {
            instance.active--;
            instance.retired |= last || (retired && queue.isEmpty());
            if (instance.retired) {
                free.remove(instance);
                if (instance.active == 0) {
                    instances.remove(instance);
                    unload = true;
                }
            } else {
                while (instance.active < function.concurrency() && !queue.isEmpty()) {
                    instance.active++;
                    next.add(queue.pollFirst());
                }
                if (instance.active == 0) {
                    instance.idleSince = System.nanoTime();
                    free.remove(instance);
                    free.addFirst(instance);
                } else if (instance.active < function.concurrency() && !free.contains(instance)) {
                    free.addFirst(instance);
                }
            }
        }
        next.forEach(call -> run(instance, call));
        if (unload) {
            instance.unload();
            replace();
        }
    }

    /** Makes an instance for a call that waits and has none to come. */
    private void replace() {
        Instance next = null;
        synchronized (this) {
            Call waiting = queue.peekFirst();
            if (waiting != null) {
                next = another(waiting, waiting);
            }
        }
        if (next != null) {
            start(next);
        }
    }

    /**
     * An instance is no more.
     *
     * @param behind those that it was given and has not begun
     */
    void lost(Instance instance, List<Call> behind) {
        boolean known;
        synchronized (this) {
            ahead.lost();
            free.remove(instance);
            known = instances.remove(instance);
        }
        behind.forEach(this::resubmit);
        // Else another of its calls has said so already.
        if (known) {
            replace();
        }
    }

    /** Takes the idle instances of dead workers out. */
    synchronized void workerGone() {
        free.removeIf(instance -> instance.dead() && instances.remove(instance));
    }
}
