package dev.basalt.functions.worker;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Reads one frame (see {@link Op}) without its length. What does not fit throws {@link BufferUnderflowException}. Not
 * thread-safe.
 */
public final class FrameReader {
    private final ByteBuffer buffer;
    private final byte op;
    private final int request;

    public FrameReader(byte[] frame) {
        this.buffer = ByteBuffer.wrap(frame);
        this.op = buffer.get();
        this.request = buffer.getInt();
    }

    public byte op() {
        return op;
    }

    public int request() {
        return request;
    }

    public int int8() {
        return buffer.get();
    }

    public int int32() {
        return buffer.getInt();
    }

    public String string() {
        int said = buffer.getInt();
        int length = said < 0 ? ~said : said;
        if (length > buffer.remaining()) {
            throw new BufferUnderflowException();
        }
        Charset charset = said < 0 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
        String value = new String(buffer.array(), buffer.position(), length, charset);
        buffer.position(buffer.position() + length);
        return value;
    }

    /** All bytes that are left. */
    public byte[] rest() {
        byte[] value = new byte[buffer.remaining()];
        buffer.get(value);
        return value;
    }
}
