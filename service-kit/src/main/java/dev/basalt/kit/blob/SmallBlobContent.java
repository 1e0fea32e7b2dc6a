package dev.basalt.kit.blob;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.streams.ReadStream;
import java.io.ByteArrayInputStream;

/** Content that is in memory already. */
final class SmallBlobContent implements BlobContent {
    private final Buffer bytes;
    private final InputReadStream stream;

    SmallBlobContent(Context context, Buffer bytes) {
        this.bytes = bytes;
        this.stream = new InputReadStream(
                context, Runnable::run, () -> new ByteArrayInputStream(bytes.getBytes()), Math.max(1, bytes.length()));
    }

    @Override
    public long length() {
        return bytes.length();
    }

    @Override
    public ReadStream<Buffer> stream() {
        return stream;
    }

    @Override
    public Future<Void> sendTo(HttpServerResponse response) {
        return response.end(bytes);
    }

    @Override
    public void close() {
        // Nothing is held open.
    }
}
