package dev.basalt.functions.js;

import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.Isolation;
import dev.basalt.functions.sandbox.Sandbox;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Starts workers and keeps one blank in stock while functions are in use. Nothing of it happens before the first worker is
 * asked for: none of their files is laid out, none started. Thread-safe.
 */
final class WorkerPool {
    private static final Logger LOG = Logger.getLogger(WorkerPool.class);

    private final JsConfig config;
    private final Path home;
    private final Vertx vertx;
    private final Runnable makeRoom;
    /** One thread for all starts, which lives as long as the host: the kernel ties a worker's life to it. */
    private final ExecutorService spawner;

    private final Set<Worker> workers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger sequence = new AtomicInteger();
    private final LongAdder stockedLoads = new LongAdder();
    private final LongAdder otherLoads = new LongAdder();
    private final AtomicBoolean training = new AtomicBoolean();
    private final CompletableFuture<Sandbox> sandbox;
    private @Nullable Future<Worker> blank;
    private volatile @Nullable WorkerPlace place;
    private volatile long lastTakenNanos;
    private volatile boolean closed;

    WorkerPool(JsConfig config, Path home, Vertx vertx, Runnable makeRoom) {
        this.config = config;
        this.home = home;
        this.vertx = vertx;
        this.makeRoom = makeRoom;
        this.spawner = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("functions-spawner").daemon().factory());
        this.sandbox =
                CompletableFuture.supplyAsync(() -> Sandbox.detect(config.sandbox(), config.cgroup(), home), spawner);
    }

    /** What the machine offers; blocks for the some milliseconds that finding out takes, once. */
    Isolation isolation() {
        return sandbox.join().isolation();
    }

    /** A worker for a project: the blank one if there is one, else a new one. Then makes another blank one. */
    synchronized Future<Worker> take() {
        lastTakenNanos = System.nanoTime();
        Future<Worker> taken = blank;
        blank = null;
        if (taken == null
                || taken.failed()
                || (taken.succeeded() && taken.result().dead())) {
            if (!roomForOne()) {
                makeRoom.run();
            }
            if (!roomForOne()) {
                return Future.failedFuture(new LaneException(
                        Failure.Kind.OVERLOADED, "all " + config.maxWorkers() + " workers are in use", null));
            }
            taken = start();
        }
        // Behind the one that is wanted, so that the two do not compete for the processor.
        taken.onSuccess(worker -> restock());
        return taken;
    }

    /** One that was killed to make room needs a moment to be gone. */
    private boolean roomForOne() {
        return workers.stream().filter(worker -> !worker.dead()).count() < config.maxWorkers();
    }

    private synchronized void restock() {
        if (blank == null && !closed && roomForOne()) {
            blank = start();
        }
    }

    private Future<Worker> start() {
        Promise<Worker> ready = Promise.promise();
        spawner.execute(() -> {
            try {
                if (closed) {
                    throw new IOException("the host is stopping");
                }
                Worker worker = Worker.start(vertx, "w" + sequence.incrementAndGet(), place());
                workers.add(worker);
                worker.gone().onComplete(gone -> workers.remove(worker));
                worker.ready()
                        .onSuccess(started -> {
                            ready.tryComplete(started);
                            train();
                        })
                        .onFailure(failure -> ready.tryFail(
                                new LaneException(Failure.Kind.UNAVAILABLE, "no worker could be started", failure)));
            } catch (IOException | RuntimeException e) {
                LOG.error("no functions worker could be started", e);
                ready.tryFail(new LaneException(Failure.Kind.UNAVAILABLE, "no worker could be started", e));
            }
        });
        return ready.future();
    }

    private WorkerPlace place() throws IOException {
        WorkerPlace present = place;
        if (present == null) {
            present = new WorkerPlace(config, WorkerHome.layOut(home, config.maxHeapMb()), sandbox.join());
            place = present;
        }
        return present;
    }

    /** Makes the ahead-of-time cache on a thread of its own, once. */
    private void train() {
        if (!config.aotCache() || !training.compareAndSet(false, true)) {
            return;
        }
        Thread.ofPlatform().name("functions-training").daemon().start(() -> {
            try {
                WorkerHome laidOut = WorkerHome.layOut(home, config.maxHeapMb());
                if (!laidOut.trained()) {
                    laidOut.train();
                }
            } catch (IOException e) {
                LOG.warn("no ahead-of-time cache for functions workers; they start more slowly", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** The clock's regular look. */
    void sweep(long now) {
        workers.forEach(worker -> worker.check(now, config.startTimeout().toNanos()));
        WorkerPlace present = place;
        if (present != null) {
            present.sweep();
        }
        if (now - lastTakenNanos > config.workerIdle().toNanos()) {
            dropBlank();
        }
    }

    private synchronized void dropBlank() {
        Future<Worker> dropped = blank;
        blank = null;
        if (dropped != null) {
            dropped.onSuccess(Worker::kill);
        }
    }

    /** Whether a worker can be had without ending another. */
    synchronized boolean hasRoom() {
        return !closed && (blank != null || roomForOne());
    }

    void loaded(boolean stocked) {
        (stocked ? stockedLoads : otherLoads).increment();
    }

    long loads(boolean stocked) {
        return (stocked ? stockedLoads : otherLoads).sum();
    }

    int size() {
        return workers.size();
    }

    void close() {
        closed = true;
        dropBlank();
        workers.forEach(Worker::kill);
        spawner.shutdown();
    }

    /** Removes what is on disk; call when the workers are gone. */
    void clear() {
        WorkerPlace present = place;
        if (present != null) {
            present.close();
        }
    }
}
