package dev.basalt.functions.container;

import dev.basalt.functions.runtime.FunctionVersion;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Lets so many in at a time and so many wait. Thread-safe; promises complete outside of its lock. */
final class Gate {
    private final Vertx vertx;
    private final FunctionVersion function;
    private final int width;
    private final int maxQueue;
    private final Duration timeout;
    private final Deque<Promise<Void>> queue = new ArrayDeque<>();
    private int inside;

    Gate(Vertx vertx, FunctionVersion function, int width, int maxQueue, Duration timeout) {
        this.vertx = vertx;
        this.function = function;
        this.width = width;
        this.maxQueue = maxQueue;
        this.timeout = timeout;
    }

    FunctionVersion function() {
        return function;
    }

    /** Completes when the caller is in, which has to be followed by {@link #leave}; fails when it will not be. */
    Future<Void> enter() {
        Promise<Void> turn = Promise.promise();
        synchronized (this) {
            if (inside < width) {
                inside++;
                return Future.succeededFuture();
            }
            if (queue.size() >= maxQueue) {
                return Future.failedFuture("the function's queue is full");
            }
            queue.addLast(turn);
        }
        long timer = vertx.setTimer(timeout.toMillis(), due -> {
            boolean late;
            synchronized (this) {
                late = queue.remove(turn);
            }
            if (late) {
                turn.fail("no turn came in time");
            }
        });
        return turn.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    void leave() {
        Promise<Void> next;
        synchronized (this) {
            next = queue.pollFirst();
            if (next == null) {
                inside--;
            }
        }
        if (next != null) {
            next.complete();
        }
    }

    /** Whether nobody is in and nobody waits. */
    synchronized boolean empty() {
        return inside == 0 && queue.isEmpty();
    }

    synchronized int waiting() {
        return queue.size();
    }
}
