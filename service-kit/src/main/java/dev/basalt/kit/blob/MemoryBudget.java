package dev.basalt.kit.blob;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A shared amount of memory that uploads take a share of before they read, first come first served.
 *
 * <p>Bounded in the waiting too: past that, a share is refused. Safe for use by several threads.
 */
final class MemoryBudget {
    private static final int MOST_WAITING = 1024;

    private final long total;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private long free;

    MemoryBudget(long total) {
        this.total = total;
        this.free = total;
    }

    /** Completes when the share is taken; one larger than the whole counts as the whole. */
    Future<Void> take(long bytes) {
        long share = Math.min(bytes, total);
        synchronized (this) {
            if (waiting.isEmpty() && share <= free) {
                free -= share;
                return Future.succeededFuture();
            }
            if (waiting.size() >= MOST_WAITING) {
                return Future.failedFuture(new BlobStoreException.Unavailable("too many uploads at once", null));
            }
            Promise<Void> promise = Promise.promise();
            waiting.add(new Waiting(share, promise));
            return promise.future();
        }
    }

    /** Gives a share back that was taken with the same number. */
    void release(long bytes) {
        var next = new ArrayDeque<Promise<Void>>();
        synchronized (this) {
            free += Math.min(bytes, total);
            for (Waiting first = waiting.peek(); first != null && first.share <= free; first = waiting.peek()) {
                free -= first.share;
                next.add(first.promise);
                waiting.remove();
            }
        }
        next.forEach(Promise::complete);
    }

    synchronized long used() {
        return total - free;
    }

    synchronized int queued() {
        return waiting.size();
    }

    private record Waiting(long share, Promise<Void> promise) {}
}
