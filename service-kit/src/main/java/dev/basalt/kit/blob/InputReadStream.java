package dev.basalt.kit.blob;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A blocking input as a stream with back-pressure: one chunk is read ahead on an executor, only while somebody asks.
 *
 * <p>The input is opened at the first read and closed at its end, at an error and by {@link #close()}. Used on one Vert.x
 * context.
 */
public final class InputReadStream implements ReadStream<Buffer> {
    private static final Logger LOG = Logger.getLogger(InputReadStream.class);

    private final Context context;
    private final Executor executor;
    private final Callable<InputStream> source;
    private final int chunkSize;

    private @Nullable InputStream input;
    private @Nullable Handler<Buffer> handler;
    private @Nullable Handler<Void> endHandler;
    private @Nullable Handler<Throwable> exceptionHandler;
    private @Nullable Buffer held;
    private long demand = Long.MAX_VALUE;
    private boolean reading;
    private boolean over;
    private boolean closed;

    /**
     * A stream that has not been read.
     *
     * @param executor where the input is opened, read and closed
     * @param chunkSize in bytes
     */
    public InputReadStream(Context context, Executor executor, Callable<InputStream> source, int chunkSize) {
        this.context = context;
        this.executor = executor;
        this.source = source;
        this.chunkSize = chunkSize;
    }

    @Override
    public ReadStream<Buffer> handler(@Nullable Handler<Buffer> newHandler) {
        handler = newHandler;
        pull();
        return this;
    }

    @Override
    public ReadStream<Buffer> endHandler(@Nullable Handler<Void> newHandler) {
        endHandler = newHandler;
        return this;
    }

    @Override
    public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> newHandler) {
        exceptionHandler = newHandler;
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
        pull();
        return this;
    }

    /** Stops; nothing is delivered any more. */
    public void close() {
        if (!closed) {
            closed = true;
            if (!reading) {
                closeInput();
            }
        }
    }

    private void pull() {
        if (handler == null || demand == 0 || reading || over || closed) {
            return;
        }
        reading = true;
        Buffer ready = held;
        if (ready != null) {
            held = null;
            context.runOnContext(now -> deliver(ready));
            return;
        }
        try {
            executor.execute(this::read);
        } catch (RejectedExecutionException e) {
            context.runOnContext(now -> fail(new BlobStoreException.Unavailable("too many reads at once", e)));
        }
    }

    private void read() {
        try {
            InputStream in = input;
            if (in == null) {
                in = source.call();
                input = in;
            }
            byte[] chunk = new byte[chunkSize];
            int length = in.read(chunk);
            Buffer buffer = length < 0 ? Buffer.buffer() : Buffer.buffer(chunk).slice(0, length);
            context.runOnContext(now -> deliver(buffer));
        } catch (Exception e) {
            context.runOnContext(now -> fail(new BlobStoreException.Unavailable("an input broke off", e)));
        }
    }

    /** An empty buffer is the end. */
    private void deliver(Buffer chunk) {
        reading = false;
        if (closed) {
            closeInput();
            return;
        }
        if (chunk.length() == 0) {
            over = true;
            closeInput();
            if (endHandler != null) {
                endHandler.handle(null);
            }
            return;
        }
        if (demand == 0 || handler == null) {
            held = chunk;
            return;
        }
        if (demand != Long.MAX_VALUE) {
            demand--;
        }
        handler.handle(chunk);
        pull();
    }

    private void fail(Throwable cause) {
        reading = false;
        over = true;
        closeInput();
        if (!closed && exceptionHandler != null) {
            exceptionHandler.handle(cause);
        }
    }

    private void closeInput() {
        InputStream in = input;
        if (in == null) {
            return;
        }
        input = null;
        try {
            executor.execute(() -> closeQuietly(in));
        } catch (RejectedExecutionException e) {
            closeQuietly(in);
        }
    }

    /** Closes an input, whatever comes of it. */
    public static void closeQuietly(InputStream in) {
        try {
            in.close();
        } catch (IOException e) {
            LOG.debug("an input that was read did not close", e);
        }
    }
}
