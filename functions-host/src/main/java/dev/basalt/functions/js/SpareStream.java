package dev.basalt.functions.js;

import io.vertx.core.Future;
import io.vertx.core.impl.ContextInternal;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The stream of a worker that is open before anybody asks for one, so that a function's first call waits neither for a socket
 * nor for an isolate. There is one at most; the next is made behind what the last one was taken for, not beside it. Thread-safe.
 */
final class SpareStream {
    /** When whoever took it has had its turn, if it does not say so itself. */
    private static final long TURN_NANOS = 20_000_000L;

    private final Function<ContextInternal, Future<WorkerStream>> opener;
    private @Nullable Future<WorkerStream> stream;
    /** The event loop that asked last; none where nobody did. */
    private @Nullable ContextInternal loop;

    private long takenNanos;

    /** @param opener opens a stream that is read on an event loop */
    SpareStream(Function<ContextInternal, Future<WorkerStream>> opener) {
        this.opener = opener;
    }

    /** The stream, whichever event loop reads it, or else a new one that the context's does. */
    Future<WorkerStream> take(ContextInternal context) {
        Future<WorkerStream> taken;
        synchronized (this) {
            taken = stream;
            stream = null;
            loop = context.unwrap();
            takenNanos = System.nanoTime();
        }
        return taken == null
                        || taken.failed()
                        || (taken.succeeded() && taken.result().closed())
                ? opener.apply(context)
                : taken;
    }

    /** Opens one for whoever asks next, if one was taken and none is there. */
    synchronized void restock() {
        if (stream == null && loop != null) {
            stream = opener.apply(loop);
        }
    }

    /** The clock's regular look. */
    synchronized void restockIfDue(long nowNanos) {
        if (nowNanos - takenNanos > TURN_NANOS) {
            restock();
        }
    }
}
