package dev.basalt.functions.runtime;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.streams.ReadStream;

/**
 * Lets a stream flow into a {@link FlowingBody} that may be read on another event loop. It is paused while half a window waits
 * for the reader. Belongs to the stream's context, but for {@link #start} and {@link #drop}.
 */
public final class Feed {
    /** What may wait for the reader, in bytes. */
    private static final int WINDOW = 256 << 10;

    private final ContextInternal context;
    private final ReadStream<Buffer> source;
    private final FlowingBody body;
    private int waiting;
    private boolean dropped;
    private boolean over;

    /**
     * @param context the stream's
     * @param reader the context of who reads the body
     */
    public Feed(ContextInternal context, ReadStream<Buffer> source, ContextInternal reader) {
        this.context = context;
        this.source = source;
        this.body = new FlowingBody(reader, WINDOW, read -> context.execute(read, this::read));
    }

    /** What the reader gets. */
    public FlowingBody body() {
        return body;
    }

    /**
     * Lets all of the stream flow.
     *
     * @param ended is told when it has
     * @param broken is told when it will not
     */
    public void start(Runnable ended, Handler<Throwable> broken) {
        context.execute(this, self -> {
            source.exceptionHandler(failure -> {
                fail(failure);
                broken.handle(failure);
            });
            source.endHandler(end -> {
                end();
                ended.run();
            });
            source.handler(this::push);
            source.resume();
        });
    }

    /** Lets the next bytes flow. */
    public void push(Buffer part) {
        // One part may be more than a window.
        for (int from = 0; !dropped && !over && from < part.length(); from += WINDOW / 4) {
            byte[] piece = part.getBytes(from, Math.min(part.length(), from + WINDOW / 4));
            waiting += piece.length;
            if (!body.push(piece)) {
                throw new IllegalStateException("a paused stream goes on");
            }
        }
        if (waiting >= WINDOW / 2 && !dropped) {
            source.pause();
        }
    }

    private void read(int bytes) {
        waiting -= bytes;
        if (waiting < WINDOW / 2) {
            goOn();
        }
    }

    private void goOn() {
        // A request that has ended may not be asked to.
        if (!over) {
            source.resume();
        }
    }

    /** The stream has ended. */
    public void end() {
        over = true;
        body.end();
    }

    /** The stream has broken off. */
    public void fail(Throwable why) {
        over = true;
        body.fail(why);
    }

    /** Nobody reads on: what still comes is thrown away. From any thread. */
    public void drop() {
        context.execute(this, self -> {
            dropped = true;
            goOn();
        });
    }
}
