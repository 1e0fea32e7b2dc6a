package dev.basalt.control.invocation;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One follower's server-sent events. What a slow reader has not taken waits up to a limit; past it the stream ends with the
 * event {@code end}. Used on the follower's own event loop, where {@link #send} and {@link #close} take their callers.
 */
final class TailStream implements ReadStream<Buffer> {
    private static final Buffer OPENING = Buffer.buffer("retry: 1000\n\n");
    private static final Buffer HEARTBEAT = Buffer.buffer(":\n\n");
    private static final String TOO_SLOW = "{\"code\":\"too_slow\",\"detail\":\"More happened than was read\"}";
    private static final String TOO_OLD = "{\"code\":\"too_old\",\"detail\":\"Ask again\"}";

    private final Context context;
    private final @Nullable String function;
    private final int maxBytes;
    private final long endMillis;
    private final Promise<Void> over = Promise.promise();
    private final Deque<Buffer> waiting = new ArrayDeque<>();
    private @Nullable Handler<Buffer> handler;
    private @Nullable Handler<Void> endHandler;
    private int bytes;
    private boolean paused;
    private boolean last;
    private boolean ended;

    /** @param function the only one whose events it gets, or null for all */
    TailStream(Context context, @Nullable String function, int maxBytes, long endMillis) {
        this.context = context;
        this.function = function;
        this.maxBytes = maxBytes;
        this.endMillis = endMillis;
        waiting.add(OPENING);
    }

    /** Whether it gets what happens to a function; null is all of them. */
    boolean takes(@Nullable String other) {
        return function == null || other == null || function.equals(other);
    }

    /** Sends an event whose data is one line. */
    void send(String event, String data) {
        context.runOnContext(due -> take(event(event, data)));
    }

    /** Shows that the stream is alive, or ends it where it is too old. */
    void beat() {
        context.runOnContext(due -> {
            if (System.currentTimeMillis() > endMillis) {
                finish(TOO_OLD);
            } else if (waiting.isEmpty()) {
                take(HEARTBEAT);
            }
        });
    }

    void close() {
        context.runOnContext(due -> end());
    }

    /** Completes when nothing more comes. */
    Future<Void> over() {
        return over.future();
    }

    private static Buffer event(String event, String data) {
        return Buffer.buffer("event: " + event + "\ndata: " + data + "\n\n");
    }

    private void take(Buffer event) {
        if (ended || last) {
            return;
        }
        waiting.add(event);
        bytes += event.length();
        flow();
        if (bytes > maxBytes) {
            waiting.clear();
            finish(TOO_SLOW);
        }
    }

    private void finish(String reason) {
        if (!last) {
            last = true;
            waiting.add(event("end", reason));
            over.tryComplete();
            flow();
        }
    }

    private void flow() {
        while (!paused && !ended && handler != null && !waiting.isEmpty()) {
            var next = waiting.remove();
            bytes -= next.length();
            handler.handle(next);
        }
        if (last && waiting.isEmpty()) {
            end();
        }
    }

    private void end() {
        if (!ended) {
            ended = true;
            waiting.clear();
            over.tryComplete();
            if (endHandler != null) {
                endHandler.handle(null);
            }
        }
    }

    @Override
    public TailStream exceptionHandler(@Nullable Handler<Throwable> unused) {
        return this;
    }

    @Override
    public TailStream handler(@Nullable Handler<Buffer> next) {
        handler = next;
        context.runOnContext(due -> flow());
        return this;
    }

    @Override
    public TailStream pause() {
        paused = true;
        return this;
    }

    @Override
    public TailStream resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public TailStream fetch(long amount) {
        paused = false;
        context.runOnContext(due -> flow());
        return this;
    }

    @Override
    public TailStream endHandler(@Nullable Handler<Void> next) {
        endHandler = next;
        if (ended && next != null) {
            next.handle(null);
        }
        return this;
    }
}
