package dev.basalt.functions.js;

import dev.basalt.functions.egress.Egress;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.share.Shares;
import io.vertx.core.Future;
import io.vertx.core.impl.ContextInternal;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What one project runs: its worker, when it has one, and its functions. Thread-safe. */
final class ProjectLane {
    private record Version(String name, String version) {}

    private final JsConfig config;
    private final Egress egress;
    private final Shares shares;
    private final WorkerPool workers;
    /** Several versions of one function run side by side while a canary does. */
    private final Map<Version, InstancePool> functions = new ConcurrentHashMap<>();

    private volatile long lastUsedNanos = System.nanoTime();
    /** Written under the lock, read without: who makes room looks at all lanes from under that of one. */
    private volatile @Nullable Future<Worker> worker;

    ProjectLane(JsConfig config, Egress egress, Shares shares, WorkerPool workers) {
        this.config = config;
        this.egress = egress;
        this.shares = shares;
        this.workers = workers;
    }

    void submit(FunctionVersion function, Call call) {
        pool(function).submit(call);
    }

    /**
     * Keeps instances of the function.
     *
     * @param loops gives each one's event loop
     */
    void keep(FunctionVersion function, Supplier<ContextInternal> loops) {
        pool(function).keep(loops);
    }

    /** Whether instances are kept here. */
    boolean keeps() {
        return functions.values().stream().anyMatch(InstancePool::keeps);
    }

    /** Whether an instance can be made without another project's worker making room. */
    boolean hasRoom() {
        return hasWorker() || workers.hasRoom();
    }

    private InstancePool pool(FunctionVersion function) {
        Version key = new Version(function.name(), function.version());
        InstancePool pool = functions.get(key);
        if (pool == null) {
            pool = functions.computeIfAbsent(key, absent -> new InstancePool(config, egress, shares, function, this));
        }
        return pool;
    }

    void retire(Predicate<FunctionVersion> outdated) {
        functions.values().removeIf(pool -> {
            boolean goes = outdated.test(pool.function());
            if (goes) {
                pool.retire();
            }
            return goes;
        });
    }

    void touch(long nowNanos) {
        lastUsedNanos = nowNanos;
    }

    long lastUsedNanos() {
        return lastUsedNanos;
    }

    /** The project's worker; one is started, or taken from stock, when it has none that lives. */
    synchronized Future<Worker> worker() {
        Future<Worker> current = worker;
        if (current != null && !ended(current)) {
            return current;
        }
        Future<Worker> next = workers.take();
        worker = next;
        next.onSuccess(
                started -> started.gone().onComplete(gone -> functions.values().forEach(InstancePool::workerGone)));
        return next;
    }

    /** A function has been loaded into an isolate that had been made before, or not. */
    void loaded(boolean stocked) {
        workers.loaded(stocked);
    }

    private static boolean ended(Future<Worker> future) {
        return future.failed() || (future.succeeded() && future.result().dead());
    }

    /** The worker that runs now, if one does. */
    @Nullable
    Worker running() {
        Future<Worker> current = worker;
        return current != null && current.succeeded() && !ended(current) ? current.result() : null;
    }

    boolean hasWorker() {
        Future<Worker> current = worker;
        return current != null && !ended(current);
    }

    boolean busy() {
        Worker present = running();
        return (present != null && present.busy())
                || functions.values().stream().anyMatch(InstancePool::busy);
    }

    Collection<InstancePool> functions() {
        return functions.values();
    }

    void sweep(long now) {
        functions.values().forEach(pool -> pool.sweep(now));
        functions
                .values()
                .removeIf(pool -> pool.unused()
                        && now - lastUsedNanos > config.instanceIdle().toNanos());
    }

    /** Ends the worker if nothing runs on it; what waits starts another. */
    void stop() {
        Worker present = running();
        if (present != null) {
            present.kill();
        }
    }
}
