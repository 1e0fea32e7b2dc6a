package dev.basalt.kit.blob;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.streams.ReadStream;

/**
 * The bytes of a blob or of a range of it, not yet read.
 *
 * <p>Consume it once, by {@link #stream()} or {@link #sendTo}, or {@link #close()} it; all on the Vert.x context that
 * asked for it.
 */
public interface BlobContent {
    /** How many bytes follow. */
    long length();

    /** The bytes, as fast as the reader asks for them. */
    ReadStream<Buffer> stream();

    /**
     * Writes the bytes as the body of a response whose status and headers are set, and ends it. When the store fails in
     * the middle the connection is reset, because a body that just ends would pass for whole.
     */
    default Future<Void> sendTo(HttpServerResponse response) {
        if (!response.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(length()));
        }
        return stream().pipe().endOnFailure(false).to(response).onFailure(e -> {
            close();
            response.reset();
        });
    }

    /** Lets go of what the store holds for it; needed only when it is not read to its end. */
    void close();
}
