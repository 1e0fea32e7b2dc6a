package dev.basalt.sdk.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.basalt.sdk.error.TransportException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON to and from records and maps. A component {@code createdAt} is the column {@code created_at}; times are ISO 8601;
 * columns a record does not name are passed over. Thread-safe.
 */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Json() {}

    /** Writes a value as UTF-8 JSON. */
    public static byte[] write(@Nullable Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JacksonException problem) {
            throw new TransportException(
                    TransportException.Reason.INVALID_REQUEST,
                    "The value cannot be written as JSON: " + problem.getOriginalMessage(),
                    null,
                    problem);
        }
    }

    /** Reads an answer as one value. */
    public static <T> T read(Answer answer, Class<T> type) {
        return parse(answer, body -> MAPPER.readValue(body, type));
    }

    /** Reads an answer as one value of a generic type. */
    public static <T> T read(Answer answer, TypeReference<T> type) {
        return parse(answer, body -> MAPPER.readValue(body, type));
    }

    /** Reads an answer as a list. */
    public static <T> List<T> readList(Answer answer, Class<T> type) {
        return parse(answer, body -> {
            List<T> list = MAPPER.readerForListOf(type).readValue(body);
            return list;
        });
    }

    /** Reads an answer as a JSON tree, or nothing if it is not JSON. */
    static @Nullable JsonNode tree(byte[] body) {
        try {
            return MAPPER.readTree(body);
        } catch (IOException notJson) {
            return null;
        }
    }

    /** The class of a row without a record: column name to value, {@code null} for SQL's NULL. */
    @SuppressWarnings("unchecked") // Class has no notion of a map's parameters.
    public static Class<Map<String, @Nullable Object>> rowClass() {
        return (Class<Map<String, @Nullable Object>>) (Class<?>) Map.class;
    }

    /** One way of reading bytes. */
    private interface Parser<T> {
        @Nullable
        T parse(byte[] body) throws IOException;
    }

    private static <T> T parse(Answer answer, Parser<T> parser) {
        T value;
        try {
            value = parser.parse(answer.body());
        } catch (IOException problem) {
            String why = problem instanceof JacksonException json ? json.getOriginalMessage() : problem.getMessage();
            throw new TransportException(
                    TransportException.Reason.INVALID_ANSWER,
                    "The answer is not the expected JSON: " + why,
                    answer.requestId(),
                    problem);
        }
        if (value == null) {
            throw new TransportException(
                    TransportException.Reason.INVALID_ANSWER,
                    "The answer is null where a value was expected",
                    answer.requestId(),
                    null);
        }
        return value;
    }
}
