package dev.basalt.functions.runtime;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.streams.ReadStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A body that a function sends, as a stream; paused at first. The sender may send a window of it, and more as it is read: so
 * much and no more waits here. {@link #push}, {@link #end} and {@link #fail} may come from any thread, the rest belongs to the
 * reader's context.
 */
public final class FlowingBody implements ReadStream<Buffer> {
    private final ContextInternal context;
    private final IntConsumer credit;
    private final int window;
    private final AtomicLong allowed;
    private final Deque<Buffer> waiting = new ArrayDeque<>();
    private @Nullable Handler<Buffer> handler;
    private @Nullable Handler<Void> endHandler;
    private @Nullable Handler<Throwable> exceptionHandler;
    private long demand;
    private int taken;
    private boolean complete;
    private boolean over;
    private boolean flowing;
    private @Nullable Throwable failure;

    /**
     * @param context the reader's
     * @param window in bytes
     * @param credit tells the sender how much more it may send
     */
    public FlowingBody(ContextInternal context, int window, IntConsumer credit) {
        this.window = window;
        this.allowed = new AtomicLong(window);
        this.context = context;
        this.credit = credit;
    }

    /** Takes the next bytes; answers false when they are more than was allowed. */
    public boolean push(byte[] bytes) {
        if (allowed.addAndGet(-bytes.length) < 0) {
            return false;
        }
        context.execute(Buffer.buffer(bytes), buffer -> {
            if (!over) {
                waiting.add(buffer);
                flow();
            }
        });
        return true;
    }

    public void end() {
        context.execute(this, body -> {
            complete = true;
            flow();
        });
    }

    /** Breaks it off, unless it has ended; the first reason is what the reader hears. */
    public void fail(Throwable why) {
        context.execute(why, reason -> {
            if (!over && !complete && failure == null) {
                failure = reason;
                waiting.clear();
                flow();
            }
        });
    }

    private void flow() {
        if (flowing) {
            return;
        }
        flowing = true;
        try {
            while (demand > 0 && !waiting.isEmpty() && handler != null) {
                Buffer next = waiting.poll();
                if (demand != Long.MAX_VALUE) {
                    demand--;
                }
                used(next.length());
                handler.handle(next);
            }
        } finally {
            flowing = false;
        }
        if (over || !waiting.isEmpty()) {
            return;
        }
        if (failure != null) {
            // Kept for a reader who is still to come.
            if (exceptionHandler != null) {
                over = true;
                exceptionHandler.handle(failure);
            }
        } else if (complete && demand > 0) {
            over = true;
            if (endHandler != null) {
                endHandler.handle(null);
            }
        }
    }

    private void used(int bytes) {
        taken += bytes;
        if (taken >= window / 2 && !complete) {
            allowed.addAndGet(taken);
            credit.accept(taken);
            taken = 0;
        }
    }

    @Override
    public ReadStream<Buffer> handler(@Nullable Handler<Buffer> newHandler) {
        handler = newHandler;
        return this;
    }

    @Override
    public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> newHandler) {
        exceptionHandler = newHandler;
        return this;
    }

    @Override
    public ReadStream<Buffer> endHandler(@Nullable Handler<Void> newHandler) {
        endHandler = newHandler;
        return this;
    }

    @Override
    public ReadStream<Buffer> pause() {
        demand = 0;
        return this;
    }

    @Override
    public ReadStream<Buffer> resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public ReadStream<Buffer> fetch(long amount) {
        demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
        // Not at once: who resumes may not have set all of its handlers.
        context.runOnContext(due -> flow());
        return this;
    }
}
