package dev.basalt.kit.function;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/** Bytes in memory as a stream of one chunk. Used on one Vert.x context. */
final class BufferStream implements ReadStream<Buffer> {
    private final Buffer content;
    private @Nullable Handler<Buffer> handler;
    private @Nullable Handler<Void> endHandler;
    private long demand = Long.MAX_VALUE;
    private boolean sent;
    private boolean ended;

    BufferStream(Buffer content) {
        this.content = content;
    }

    @Override
    public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> newHandler) {
        return this;
    }

    @Override
    public ReadStream<Buffer> handler(@Nullable Handler<Buffer> newHandler) {
        handler = newHandler;
        flow();
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
        flow();
        return this;
    }

    @Override
    public ReadStream<Buffer> endHandler(@Nullable Handler<Void> newHandler) {
        endHandler = newHandler;
        flow();
        return this;
    }

    private void flow() {
        var receiver = handler;
        if (!sent && demand > 0 && receiver != null) {
            sent = true;
            demand--;
            receiver.handle(content);
        }
        var end = endHandler;
        if (sent && !ended && demand > 0 && end != null) {
            ended = true;
            end.handle(null);
        }
    }
}
