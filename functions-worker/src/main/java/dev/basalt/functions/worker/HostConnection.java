package dev.basalt.functions.worker;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** The socket to the host. One thread reads, any may send; when the host is gone the process ends at once. */
final class HostConnection {
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
            throw exit();
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
                throw exit();
            }
        }
    }

    /** Nobody listens any more: ends the process without waiting for scripts that still run. */
    private static IllegalStateException exit() {
        Runtime.getRuntime().halt(0);
        return new IllegalStateException("halted");
    }
}
