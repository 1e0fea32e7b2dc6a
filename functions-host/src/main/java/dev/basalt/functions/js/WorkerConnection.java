package dev.basalt.functions.js;

import dev.basalt.functions.worker.FrameReader;
import dev.basalt.functions.worker.Op;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The socket to one worker. {@link #send} may be called from any thread and never blocks: what the socket does not take at
 * once waits for the loop, up to a bound. Frames and the end come in on the loop's thread.
 */
final class WorkerConnection {
    private static final long MAX_WAITING_BYTES = 64L << 20;

    private final WorkerLoop loop;
    private final SocketChannel channel;
    private final Consumer<FrameReader> frames;
    private final Runnable ended;
    private final Deque<ByteBuffer> waiting = new ArrayDeque<>();
    private final ByteBuffer incoming = ByteBuffer.allocateDirect(128 << 10);
    private byte @Nullable [] partial;
    private int partialAt;
    private long waitingBytes;
    private @Nullable SelectionKey key;
    private boolean closed;

    WorkerConnection(WorkerLoop loop, SocketChannel channel, Consumer<FrameReader> frames, Runnable ended)
            throws IOException {
        this.loop = loop;
        this.channel = channel;
        this.frames = frames;
        this.ended = ended;
        channel.configureBlocking(false);
    }

    /** Starts reading; call on the loop's thread. */
    void start() throws IOException {
        SelectionKey registered = loop.register(channel, SelectionKey.OP_READ, this::ready);
        synchronized (this) {
            key = registered;
        }
    }

    void send(ByteBuffer frame) {
        synchronized (this) {
            if (closed) {
                return;
            }
            try {
                if (waiting.isEmpty()) {
                    channel.write(frame);
                }
                if (!frame.hasRemaining()) {
                    return;
                }
                waitingBytes += frame.remaining();
                if (waitingBytes <= MAX_WAITING_BYTES) {
                    waiting.add(frame);
                    loop.execute(this::wantWrite);
                    return;
                }
            } catch (IOException e) {
                // The end is told below.
            }
        }
        close();
    }

    /** Closes the socket, which ends the worker; tells the end once. */
    void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            waiting.clear();
        }
        try {
            channel.close();
        } catch (IOException e) {
            // Closed it is.
        }
        loop.execute(ended);
    }

    private synchronized void wantWrite() {
        if (key != null && key.isValid() && !waiting.isEmpty()) {
            key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
    }

    private void ready(SelectionKey selected) {
        try {
            if (selected.isWritable()) {
                flush(selected);
            }
            if (selected.isReadable()) {
                read();
            }
        } catch (IOException | java.nio.BufferUnderflowException e) {
            close();
        }
    }

    private synchronized void flush(SelectionKey selected) throws IOException {
        while (!waiting.isEmpty()) {
            ByteBuffer next = waiting.peekFirst();
            waitingBytes -= channel.write(next);
            if (next.hasRemaining()) {
                return;
            }
            waiting.pollFirst();
        }
        selected.interestOps(SelectionKey.OP_READ);
    }

    private void read() throws IOException {
        int count = channel.read(incoming);
        if (count < 0) {
            close();
            return;
        }
        incoming.flip();
        while (true) {
            byte[] frame = partial;
            if (frame == null) {
                if (incoming.remaining() < 4) {
                    break;
                }
                int length = incoming.getInt();
                if (length < 5 || length > Op.MAX_FRAME) {
                    throw new IOException("frame of " + length + " bytes");
                }
                frame = new byte[length];
                partial = frame;
                partialAt = 0;
            }
            int some = Math.min(incoming.remaining(), frame.length - partialAt);
            incoming.get(frame, partialAt, some);
            partialAt += some;
            if (partialAt < frame.length) {
                break;
            }
            partial = null;
            frames.accept(new FrameReader(frame));
        }
        incoming.compact();
    }
}
