package dev.basalt.data.rest;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Builds text as the bytes that it is sent as: a {@link StringBuilder} would have it copied, looked through and encoded behind
 * that. Used by one thread.
 */
final class Utf8Text {
    private static final int FIRST_BYTES = 64;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int length;

    /** What was appended since this was asked last. */
    Buffer take() {
        var taken = Buffer.buffer(length).appendBytes(bytes, 0, length);
        length = 0;
        return taken;
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
        }
    }

    /** Appends a character below 128. */
    Utf8Text append(char ascii) {
        reserve(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    /** Appends text that has no character of 128 or above. */
    @SuppressWarnings("deprecation") // Only characters of two bytes are why: there is nothing faster for the others.
    Utf8Text ascii(String text) {
        int size = text.length();
        reserve(size);
        text.getBytes(0, size, bytes, length);
        length += size;
        return this;
    }

    Utf8Text append(String text) {
        return append(text, 0, text.length());
    }

    Utf8Text append(String text, int from, int to) {
        reserve(to - from);
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c >= 128) {
                return append(text.substring(i, to).getBytes(StandardCharsets.UTF_8));
            }
            bytes[length++] = (byte) c;
        }
        return this;
    }

    Utf8Text append(byte[] encoded) {
        reserve(encoded.length);
        System.arraycopy(encoded, 0, bytes, length, encoded.length);
        length += encoded.length;
        return this;
    }
}
