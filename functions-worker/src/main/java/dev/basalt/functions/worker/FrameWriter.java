package dev.basalt.functions.worker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Builds one frame (see {@link Op}). Not thread-safe. */
public final class FrameWriter {
    private byte[] bytes;
    private int at;

    public FrameWriter(byte op, int request, int expectedSize) {
        bytes = new byte[Math.max(64, expectedSize + 16)];
        at = 4;
        int8(op);
        int32(request);
    }

    public byte op() {
        return bytes[4];
    }

    public FrameWriter int8(int value) {
        room(1);
        bytes[at++] = (byte) value;
        return this;
    }

    public FrameWriter int32(int value) {
        room(4);
        put(at, value);
        at += 4;
        return this;
    }

    public FrameWriter string(String value) {
        return string(List.of(value));
    }

    /** One string of several parts. */
    public FrameWriter string(List<String> parts) {
        int start = at;
        int32(0);
        int characters = 0;
        for (String part : parts) {
            characters += part.length();
            raw(part.getBytes(StandardCharsets.UTF_8));
        }
        int length = at - start - 4;
        // What is not ASCII takes more bytes than characters.
        put(start, length == characters ? ~length : length);
        return this;
    }

    /** Appends bytes without their length: the last part of a frame. */
    public FrameWriter raw(byte[] value) {
        room(value.length);
        System.arraycopy(value, 0, bytes, at, value.length);
        at += value.length;
        return this;
    }

    /** As {@link #raw(byte[])}, for what remains in the buffer. */
    public FrameWriter raw(ByteBuffer value) {
        int length = value.remaining();
        room(length);
        value.duplicate().get(bytes, at, length);
        at += length;
        return this;
    }

    /** The finished frame, its length filled in. */
    public ByteBuffer finish() {
        put(0, at - 4);
        return ByteBuffer.wrap(bytes, 0, at);
    }

    private void put(int index, int value) {
        bytes[index] = (byte) (value >>> 24);
        bytes[index + 1] = (byte) (value >>> 16);
        bytes[index + 2] = (byte) (value >>> 8);
        bytes[index + 3] = (byte) value;
    }

    private void room(int more) {
        if (at + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, at + more));
        }
    }
}
