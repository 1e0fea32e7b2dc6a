package dev.basalt.kit.database;

import io.vertx.core.Context;
import io.vertx.sqlclient.Pool;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A pool that closes when it is retired and the last user has left. Safe for use by any thread. */
final class CountedPool {
    private static final int RETIRED = 1 << 30;
    /** Event loops by the order in which they first asked for a connection. */
    private static final AtomicInteger EVENT_LOOPS = new AtomicInteger();

    private static final ThreadLocal<Integer> EVENT_LOOP = ThreadLocal.withInitial(EVENT_LOOPS::getAndIncrement);

    private final List<Pool> parts;
    private final AtomicInteger users = new AtomicInteger();
    private final Paces paces = new Paces();
    /** Batches that wait for a connection, by their event loop. */
    private final Map<Integer, ReadBatch> waiting = new ConcurrentHashMap<>();

    CountedPool(List<Pool> parts) {
        this.parts = List.copyOf(parts);
    }

    /** The part of the event loop that asks. */
    Pool pool() {
        return parts.get(Context.isOnEventLoopThread() ? EVENT_LOOP.get() % parts.size() : 0);
    }

    Paces paces() {
        return paces;
    }

    /** The batch of this event loop that takes more reads. */
    @Nullable
    ReadBatch waiting() {
        return waiting.get(EVENT_LOOP.get());
    }

    void waiting(@Nullable ReadBatch batch) {
        if (batch == null) {
            waiting.remove(EVENT_LOOP.get());
        } else {
            waiting.put(EVENT_LOOP.get(), batch);
        }
    }

    boolean enter() {
        if (users.incrementAndGet() < RETIRED) {
            return true;
        }
        leave();
        return false;
    }

    /** Enters for somebody else who is in. */
    void stay() {
        users.incrementAndGet();
    }

    void leave() {
        if (users.decrementAndGet() == RETIRED) {
            parts.forEach(Pool::close);
        }
    }

    void retire() {
        if (users.addAndGet(RETIRED) == RETIRED) {
            parts.forEach(Pool::close);
        }
    }
}
