package dev.basalt.data.stream;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Chunks of which each is fetched only when the one before it is being taken, so a reader that is slow, or stands still, costs
 * two chunks. Used by one event loop.
 */
public final class ChunkStream implements ReadStream<Buffer> {
    private final Supplier<Future<Chunk>> source;
    private long demand = Long.MAX_VALUE;
    private boolean fetching;
    private boolean over;
    private @Nullable Chunk ready;
    private @Nullable Handler<Buffer> handler;
    private @Nullable Handler<Void> endHandler;
    private @Nullable Handler<Throwable> exceptionHandler;

    /**
     * A part of the stream.
     *
     * @param last whether none comes after it
     */
    public record Chunk(Buffer bytes, boolean last) {}

    /**
     * A stream that begins with a chunk.
     *
     * @param source fetches the next chunk; one that fails breaks the stream off
     */
    public ChunkStream(Chunk first, Supplier<Future<Chunk>> source) {
        this.ready = first;
        this.source = source;
    }

    /** Breaks it off. */
    public void fail(Throwable failure) {
        if (!over) {
            over = true;
            ready = null;
            if (exceptionHandler != null) {
                exceptionHandler.handle(failure);
            }
        }
    }

    /** Hands over what there is, and fetches more while it is taken. */
    private void pump() {
        var chunk = ready;
        while (chunk != null && demand > 0 && handler != null && !over) {
            ready = null;
            if (demand != Long.MAX_VALUE) {
                demand--;
            }
            over = chunk.last();
            handler.handle(chunk.bytes());
            if (chunk.last() && endHandler != null) {
                endHandler.handle(null);
            }
            chunk = ready;
        }
        if (chunk == null && handler != null && !over) {
            fetch();
        }
    }

    private void fetch() {
        if (fetching) {
            return;
        }
        fetching = true;
        source.get().onComplete(fetched -> {
            fetching = false;
            if (fetched.failed()) {
                fail(fetched.cause());
            } else if (!over) {
                ready = fetched.result();
                pump();
            }
        });
    }

    @Override
    public ChunkStream handler(@Nullable Handler<Buffer> taker) {
        handler = taker;
        pump();
        return this;
    }

    @Override
    public ChunkStream pause() {
        demand = 0;
        return this;
    }

    @Override
    public ChunkStream resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public ChunkStream fetch(long amount) {
        demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
        pump();
        return this;
    }

    @Override
    public ChunkStream endHandler(@Nullable Handler<Void> told) {
        endHandler = told;
        return this;
    }

    @Override
    public ChunkStream exceptionHandler(@Nullable Handler<Throwable> told) {
        exceptionHandler = told;
        return this;
    }
}
