package dev.basalt.sdk.data;

import dev.basalt.sdk.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What a request sends as its body. Immutable; the bytes are not copied.
 *
 * @param bytes the body, with tokens for {@link Ref}s
 * @param isText whether it is JSON or text, which a batch can hold
 * @param refers whether there are references in it
 */
// The bytes are handed over once, never changed.
@SuppressWarnings("ArrayRecordComponent")
record Content(String type, byte[] bytes, boolean isText, boolean refers) {
    private static final String JSON = "application/json";

    static Content json(@Nullable Object value) {
        var met = new AtomicBoolean();
        byte[] bytes = Json.write(value, Ref.class, met);
        return new Content(JSON, bytes, true, met.get());
    }

    static Content text(String type, String text) {
        return new Content(type + "; charset=utf-8", text.getBytes(StandardCharsets.UTF_8), true, false);
    }

    static Content bytes(String type, byte[] bytes) {
        return new Content(type, bytes, false, false);
    }

    boolean isJson() {
        return type.equals(JSON);
    }
}
