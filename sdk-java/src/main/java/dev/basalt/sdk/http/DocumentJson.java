package dev.basalt.sdk.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.jspecify.annotations.Nullable;

/**
 * JSON of documents to and from records and maps: as {@link Json}, but members are called as components are, and bytes are
 * Base64. Thread-safe.
 */
public final class DocumentJson {
    private static final JsonMapper MAPPER = Json.builder().build();

    private DocumentJson() {}

    /** Writes a value as UTF-8 JSON. */
    public static byte[] write(@Nullable Object value) {
        return Json.written(MAPPER.writer(), value);
    }

    /** A value as a tree of numbers that keep their digits. */
    public static JsonNode tree(@Nullable Object value) {
        return Json.parsed(write(value));
    }

    /** Reads a tree as one value; null where it is null. */
    public static <T> @Nullable T read(JsonNode tree, Class<T> type, @Nullable String requestId) {
        return Json.converted(MAPPER, tree, type, requestId);
    }
}
