package dev.basalt.functions.worker;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * A socket to the host. One thread reads, any may send; both fail with {@link UncheckedIOException} once the host has closed
 * it.
 */
final class HostConnection implements AutoCloseable {
    private final SocketChannel channel;
    private final DataInputStream in;

    HostConnection(Path socket) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel), 65536));
    }

    /** Waits for the next frame. */
    FrameReader read() {
        try {
            int length = in.readInt();
            if (length < 5 || length > Op.MAX_FRAME) {
                throw new EOFException("frame of " + length + " bytes");
            }
            return new FrameReader(in.readNBytes(length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void send(FrameWriter frame) {
        ByteBuffer buffer = frame.finish();
        synchronized (channel) {
            try {
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
