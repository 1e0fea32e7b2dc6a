package dev.basalt.functions.js;

import dev.basalt.functions.worker.FrameReader;
import dev.basalt.functions.worker.Op;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Cuts a stream of bytes into frames (see {@link Op}). Not thread-safe. */
final class FrameParser {
    private static final int LENGTH_BYTES = 4;
    private static final int MIN_FRAME = 5;
    /** A frame that says it is longer gets its room as it comes. */
    private static final int FIRST_BYTES = 64 << 10;

    private final int most;
    private int length;
    private int lengthBytes;
    private byte @Nullable [] frame;
    private int at;

    /** @param most what a frame may hold, in bytes */
    FrameParser(int most) {
        this.most = most;
    }

    /** Takes the next bytes; answers false when they are none of a frame, after which nothing more can be read. */
    boolean read(Buffer bytes, Consumer<FrameReader> frames) {
        int position = 0;
        while (position < bytes.length()) {
            byte[] filling = frame;
            if (filling == null) {
                length = (length << 8) | (bytes.getByte(position++) & 0xff);
                if (++lengthBytes == LENGTH_BYTES) {
                    if (length < MIN_FRAME || length > most) {
                        return false;
                    }
                    frame = new byte[Math.min(length, FIRST_BYTES)];
                    at = 0;
                }
                continue;
            }
            if (at == filling.length) {
                filling = Arrays.copyOf(filling, Math.min(length, 2 * at));
                frame = filling;
            }
            int some = Math.min(bytes.length() - position, filling.length - at);
            bytes.getBytes(position, position + some, filling, at);
            position += some;
            at += some;
            if (at == length) {
                frame = null;
                length = 0;
                lengthBytes = 0;
                frames.accept(new FrameReader(filling));
            }
        }
        return true;
    }
}
