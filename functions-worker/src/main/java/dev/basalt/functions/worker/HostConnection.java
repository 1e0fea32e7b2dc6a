package dev.basalt.functions.worker;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A socket to the host. One thread at a time reads, any may send; both fail with {@link UncheckedIOException} once the host has closed
 * it.
 *
 * <p>An idle reader blocks in the read itself, which costs one system call a frame. Only one that has something else to do at
 * a certain time goes through a selector.
 */
final class HostConnection implements AutoCloseable {
    private static final int BUFFER = 64 << 10;
    private static final int LENGTH_BYTES = 4;
    private static final int MIN_FRAME = 5;
    private static final long FULL_SOCKET_NANOS = 50_000;

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER).flip();
    private @Nullable Selector selector;
    private @Nullable SelectionKey key;
    private int length;
    private int lengthBytes;
    private byte @Nullable [] frame;
    private int at;

    /** One that is not connected yet. */
    HostConnection() throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    }

    void connect(Path socket) {
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the next frame. */
    FrameReader read() {
        try {
            while (true) {
                FrameReader next = next();
                if (next != null) {
                    return next;
                }
                block();
                fill();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the next frame, but not for longer than this; null when none has come. */
    @Nullable
    FrameReader read(long nanos) {
        try {
            long until = System.nanoTime() + nanos;
            while (true) {
                FrameReader next = next();
                if (next != null) {
                    return next;
                }
                Selector waiting = unblock();
                if (fill() == 0) {
                    long left = until - System.nanoTime();
                    if (left <= 0) {
                        return null;
                    }
                    waiting.select(Math.max(1, (left + 999_999) / 1_000_000));
                    waiting.selectedKeys().clear();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next frame if it has arrived whole; null otherwise. */
    @Nullable
    FrameReader readNow() {
        try {
            FrameReader next = next();
            if (next != null) {
                return next;
            }
            boolean blocking = channel.isBlocking();
            channel.configureBlocking(false);
            try {
                while (next == null && fill() > 0) {
                    next = next();
                }
                return next;
            } finally {
                channel.configureBlocking(blocking);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int fill() throws IOException {
        in.clear();
        int read = channel.read(in);
        in.flip();
        if (read < 0) {
            throw new EOFException();
        }
        return read;
    }

    private Selector unblock() throws IOException {
        Selector waiting = selector;
        if (waiting == null) {
            waiting = Selector.open();
            selector = waiting;
        }
        if (key == null) {
            channel.configureBlocking(false);
            key = channel.register(waiting, SelectionKey.OP_READ);
        }
        return waiting;
    }

    private void block() throws IOException {
        SelectionKey registered = key;
        Selector waiting = selector;
        if (registered != null && waiting != null) {
            registered.cancel();
            waiting.selectNow();
            key = null;
            channel.configureBlocking(true);
        }
    }

    /** A frame that has arrived whole, if there is one. */
    private @Nullable FrameReader next() throws IOException {
        while (in.hasRemaining()) {
            byte[] filling = frame;
            if (filling == null) {
                length = (length << 8) | (in.get() & 0xff);
                if (++lengthBytes == LENGTH_BYTES) {
                    if (length < MIN_FRAME || length > Op.MAX_FRAME) {
                        throw new EOFException("frame of " + length + " bytes");
                    }
                    frame = new byte[length];
                    at = 0;
                }
                continue;
            }
            int some = Math.min(in.remaining(), filling.length - at);
            in.get(filling, at, some);
            at += some;
            if (at == filling.length) {
                frame = null;
                length = 0;
                lengthBytes = 0;
                return new FrameReader(filling);
            }
        }
        return null;
    }

    void send(FrameWriter written) {
        ByteBuffer buffer = written.finish();
        synchronized (channel) {
            try {
                while (buffer.hasRemaining()) {
                    if (channel.write(buffer) == 0) {
                        // The socket is full for as long as the host's event loop is elsewhere, and is not a blocking
                        // one now.
                        LockSupport.parkNanos(this, FULL_SOCKET_NANOS);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        Selector waiting = selector;
        try {
            if (waiting != null) {
                waiting.close();
            }
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
