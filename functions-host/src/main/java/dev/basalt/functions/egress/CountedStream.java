package dev.basalt.functions.egress;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A stream whose bytes are counted, and that fails past a limit. Used on one Vert.x context. */
final class CountedStream implements ReadStream<Buffer> {
    private final ReadStream<Buffer> source;
    private final LongConsumer meter;
    private final Runnable passed;
    private long left;
    private @Nullable Handler<Throwable> failed;

    /** @param passed is run when there is more than the limit */
    CountedStream(ReadStream<Buffer> source, long limit, LongConsumer meter, Runnable passed) {
        this.source = source;
        this.left = limit;
        this.meter = meter;
        this.passed = passed;
    }

    @Override
    public ReadStream<Buffer> handler(@Nullable Handler<Buffer> handler) {
        source.handler(
                handler == null
                        ? null
                        : bytes -> {
                            if (left < 0) {
                                return;
                            }
                            left -= bytes.length();
                            meter.accept(bytes.length());
                            if (left >= 0) {
                                handler.handle(bytes);
                                return;
                            }
                            Handler<Throwable> told = failed;
                            if (told != null) {
                                told.handle(new EgressException("the body is larger than one call may carry"));
                            }
                            passed.run();
                        });
        return this;
    }

    @Override
    public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
        failed = handler;
        source.exceptionHandler(handler);
        return this;
    }

    @Override
    public ReadStream<Buffer> pause() {
        source.pause();
        return this;
    }

    @Override
    public ReadStream<Buffer> resume() {
        source.resume();
        return this;
    }

    @Override
    public ReadStream<Buffer> fetch(long amount) {
        source.fetch(amount);
        return this;
    }

    @Override
    public ReadStream<Buffer> endHandler(@Nullable Handler<Void> handler) {
        source.endHandler(handler);
        return this;
    }
}
