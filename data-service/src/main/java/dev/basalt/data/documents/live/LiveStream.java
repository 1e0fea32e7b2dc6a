package dev.basalt.data.documents.live;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's events. A client that reads slowly is sent what changed since it last read, however much that was, so
 * nothing queues up for it: it holds on to at most two states, which it shares with others.
 *
 * <p>Used on the subscriber's own event loop, where {@link #show}, {@link #beat} and {@link #close} take their callers.
 */
final class LiveStream implements ReadStream<Buffer> {
    private static final Buffer HEARTBEAT = Buffer.buffer(":\n\n");

    private final Context context;
    private final Instant expiry;
    private final Promise<Void> over = Promise.promise();
    private @Nullable Handler<Buffer> handler;
    private @Nullable Handler<Void> endHandler;
    private boolean paused;
    private boolean ended;
    private @Nullable Buffer first;
    private LiveState sent;
    private LiveState newest;

    /**
     * A stream that begins with some bytes and goes on from a state.
     *
     * @param expiry when the caller's rights end
     */
    LiveStream(Context context, Instant expiry, Buffer first, LiveState sent) {
        this.context = context;
        this.expiry = expiry;
        this.first = first;
        this.sent = sent;
        this.newest = sent;
    }

    /**
     * Shows a newer state.
     *
     * @param before the state before it
     * @param change the event that leads from there, for whoever has seen that one
     */
    void show(LiveState state, LiveState before, Buffer change) {
        context.runOnContext(_ -> {
            if (ended || hasExpired()) {
                return;
            }
            newest = state;
            if (!paused && handler != null) {
                var event = sent.id().equals(before.id()) ? change : state.changes(sent.versions());
                sent = state;
                handler.handle(event);
            }
        });
    }

    /** Says that the stream is alive, or ends it if the caller's rights have. */
    void beat() {
        context.runOnContext(_ -> {
            if (!ended && !hasExpired() && !paused && handler != null) {
                handler.handle(HEARTBEAT);
            }
        });
    }

    void close() {
        context.runOnContext(_ -> end());
    }

    /** Completes when nothing more comes. */
    Future<Void> over() {
        return over.future();
    }

    private boolean hasExpired() {
        if (Instant.now().isBefore(expiry)) {
            return false;
        }
        end();
        return true;
    }

    private void end() {
        if (!ended) {
            ended = true;
            over.complete();
            if (endHandler != null) {
                endHandler.handle(null);
            }
        }
    }

    private void flow() {
        if (paused || ended || handler == null) {
            return;
        }
        var opening = first;
        if (opening != null) {
            first = null;
            handler.handle(opening);
        }
        if (!paused && handler != null && !sent.id().equals(newest.id())) {
            var event = newest.changes(sent.versions());
            sent = newest;
            handler.handle(event);
        }
    }

    @Override
    public LiveStream exceptionHandler(@Nullable Handler<Throwable> unused) {
        return this;
    }

    @Override
    public LiveStream handler(@Nullable Handler<Buffer> next) {
        handler = next;
        context.runOnContext(_ -> flow());
        return this;
    }

    @Override
    public LiveStream pause() {
        paused = true;
        return this;
    }

    @Override
    public LiveStream resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public LiveStream fetch(long amount) {
        paused = false;
        context.runOnContext(_ -> flow());
        return this;
    }

    @Override
    public LiveStream endHandler(@Nullable Handler<Void> next) {
        endHandler = next;
        if (ended && next != null) {
            next.handle(null);
        }
        return this;
    }
}
