package dev.basalt.kit.blob;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.streams.ReadStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executor;

/** A large file or a range of one; a response gets it from the kernel without a copy in this process. */
final class FileBlobContent implements BlobContent {
    private static final int CHUNK = 256 << 10;

    private final Path file;
    private final long offset;
    private final long length;
    private final InputReadStream stream;

    FileBlobContent(Context context, Executor executor, Path file, long offset, long length) {
        this.file = file;
        this.offset = offset;
        this.length = length;
        this.stream = new InputReadStream(context, executor, this::open, CHUNK);
    }

    private InputStream open() throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        return new Bounded(Channels.newInputStream(channel.position(offset)), length);
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public ReadStream<Buffer> stream() {
        return stream;
    }

    @Override
    public Future<Void> sendTo(HttpServerResponse response) {
        return response.sendFile(file.toString(), offset, length);
    }

    @Override
    public void close() {
        stream.close();
    }

    /** The first bytes of an input, as many as the range has. */
    private static final class Bounded extends FilterInputStream {
        private long remaining;

        Bounded(InputStream in, long length) {
            super(in);
            this.remaining = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int start, int count) throws IOException {
            if (remaining == 0) {
                return -1;
            }
            int read = super.read(bytes, start, (int) Math.min(count, remaining));
            if (read < 0) {
                throw new IOException("the file is shorter than it was");
            }
            remaining -= read;
            return read;
        }
    }
}
