package dev.basalt.control.dump;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request for a thread that blocks: the request is paused while more than {@link #MOST} bytes wait to be read.
 *
 * <p>Filled by the request's event loop, read by one other thread.
 */
final class BodyInput extends InputStream {
    private static final long MOST = 1024L * 1024;

    private final Context context;
    private final HttpServerRequest request;
    private final Duration stall;
    private final LinkedBlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private final AtomicLong waiting = new AtomicLong();
    private @Nullable Buffer current;
    private int position;
    private boolean over;

    private sealed interface Piece {
        record Chunk(Buffer bytes) implements Piece {}

        record End() implements Piece {}

        record Broken(Throwable cause) implements Piece {}
    }

    private BodyInput(Context context, HttpServerRequest request, Duration stall) {
        this.context = context;
        this.request = request;
        this.stall = stall;
    }

    /** Takes the body of a paused request; called on its event loop. */
    static BodyInput of(Context context, HttpServerRequest request, Duration stall) {
        var input = new BodyInput(context, request, stall);
        request.handler(input::take);
        request.endHandler(end -> input.pieces.add(new Piece.End()));
        request.exceptionHandler(broken -> input.pieces.add(new Piece.Broken(broken)));
        request.resume();
        return input;
    }

    private void take(Buffer chunk) {
        pieces.add(new Piece.Chunk(chunk));
        if (waiting.addAndGet(chunk.length()) > MOST) {
            request.pause();
        }
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        while (!over && (current == null || position == current.length())) {
            next();
        }
        var chunk = current;
        if (over || chunk == null) {
            return -1;
        }
        int taken = Math.min(length, chunk.length() - position);
        chunk.getBytes(position, position + taken, into, offset);
        position += taken;
        return taken;
    }

    private void next() throws IOException {
        switch (poll()) {
            case Piece.Chunk(var bytes) -> {
                current = bytes;
                position = 0;
                if (waiting.addAndGet(-bytes.length()) <= MOST) {
                    context.runOnContext(resume -> request.resume());
                }
            }
            case Piece.End() -> over = true;
            case Piece.Broken(var cause) -> throw new IOException("the client went away", cause);
        }
    }

    private Piece poll() throws IOException {
        try {
            var piece = pieces.poll(stall.toMillis(), TimeUnit.MILLISECONDS);
            if (piece == null) {
                throw new IOException("nothing more of the file came for " + stall);
            }
            return piece;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }
}
