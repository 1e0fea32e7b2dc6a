package dev.basalt.kit.http;

import dev.basalt.kit.blob.BlobContent;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.streams.ReadStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * An answer: status, headers and a body. Immutable, but a stream can be sent once only.
 *
 * @param headers in order; a name may stand more than once
 */
public record Reply(int status, List<Map.Entry<CharSequence, CharSequence>> headers, Body body) {
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json; charset=utf-8");

    /** What comes after the headers. */
    public sealed interface Body {
        /** No body. */
        record None() implements Body {}

        /** Bytes in memory. */
        record Bytes(Buffer buffer) implements Body {}

        /**
         * Bytes that flow, as fast as the client takes them.
         *
         * @param length the number of bytes, or -1 when it is not known
         * @param abandoned is run when the client does not take all of it
         * @param refusal makes the answer's error of what broke the stream off before its first byte; later there is none
         */
        record Stream(ReadStream<Buffer> stream, long length, Runnable abandoned, UnaryOperator<Throwable> refusal)
                implements Body {
            public Stream(ReadStream<Buffer> stream, long length, Runnable abandoned) {
                this(stream, length, abandoned, UnaryOperator.identity());
            }
        }

        /** The content of a blob, which the store may hand to the kernel without a copy. */
        record Blob(BlobContent content) implements Body {}
    }

    public Reply {
        headers = List.copyOf(headers);
    }

    /** A status alone. */
    public static Reply empty(int status) {
        return new Reply(status, List.of(), new Body.None());
    }

    /** JSON as text that is already encoded. */
    public static Reply json(int status, Buffer json) {
        return bytes(status, JSON, json);
    }

    public static Reply json(int status, JsonObject json) {
        return json(status, json.toBuffer());
    }

    public static Reply json(int status, JsonArray json) {
        return json(status, json.toBuffer());
    }

    public static Reply bytes(int status, CharSequence contentType, Buffer bytes) {
        return new Reply(status, List.of(Map.entry(HttpHeaders.CONTENT_TYPE, contentType)), new Body.Bytes(bytes));
    }

    /** A stream of {@code length} bytes; the caller adds its content type. */
    public static Reply stream(int status, ReadStream<Buffer> stream, long length) {
        return new Reply(status, List.of(), new Body.Stream(stream, length, () -> {}));
    }

    /** A stream of unknown length that holds something while it flows; the caller adds its content type. */
    public static Reply stream(int status, ReadStream<Buffer> stream, Runnable abandoned) {
        return new Reply(status, List.of(), new Body.Stream(stream, -1, abandoned));
    }

    /** The content of a blob; the caller adds its content type. */
    public static Reply blob(int status, BlobContent content) {
        return new Reply(status, List.of(), new Body.Blob(content));
    }

    /** This answer with one more header. Line breaks in a value are refused by the server. */
    public Reply with(CharSequence name, CharSequence value) {
        var extended = new ArrayList<>(headers);
        extended.add(Map.entry(name, value));
        return new Reply(status, extended, body);
    }
}
