package dev.basalt.data.body;

import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Bodies as text: UTF-8, and nothing but. */
public final class BodyText {
    private static final char REPLACEMENT = '\uFFFD';

    private BodyText() {}

    /** The text of a body; {@code PGRST102} with the position when it is not UTF-8. */
    public static String of(Buffer body) {
        var bytes = body.getBytes();
        var text = new String(bytes, StandardCharsets.UTF_8);
        // The quick decoder replaces what is broken; whether it did, the strict one tells.
        return text.indexOf(REPLACEMENT) < 0 ? text : strict(bytes);
    }

    private static String strict(byte[] bytes) {
        var in = ByteBuffer.wrap(bytes);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(in).toString();
        } catch (CharacterCodingException broken) {
            throw Refusal.of(
                    RestError.INVALID_BODY,
                    "The body is not valid UTF-8",
                    "The bytes at offset " + in.position() + " encode no character.",
                    null);
        }
    }
}
