package dev.basalt.functions.worker;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Tells texts from other bytes. */
final class Utf8 {
    private Utf8() {}

    /** Whether the bytes are well-formed UTF-8; plain ASCII is seen at a glance. */
    static boolean isText(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                try {
                    CharBuffer ignored = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
                    return ignored.hasRemaining();
                } catch (CharacterCodingException e) {
                    return false;
                }
            }
        }
        return true;
    }
}
