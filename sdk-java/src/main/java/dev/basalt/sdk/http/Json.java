package dev.basalt.sdk.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.basalt.sdk.error.TransportException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * JSON to and from records and maps. A component {@code createdAt} is the column {@code created_at}; times are ISO 8601 and
 * keep their offset; numbers keep their digits, without a type as Integer, Long, BigInteger or BigDecimal; enums are their
 * names, read in any case; bytes are PostgreSQL's {@code \\x} and hexadecimal digits; columns a record does not name are
 * passed over. Thread-safe.
 */
public final class Json {
    /** PostgreSQL's numbers and texts are longer than Jackson's defaults let pass. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(200_000)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private static final JsonMapper MAPPER = JsonMapper.builder(FACTORY)
            .addModule(new JavaTimeModule())
            .addModule(Bytea.module())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
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

    /** A value as a JSON tree. */
    public static JsonNode tree(@Nullable Object value) {
        return MAPPER.valueToTree(value);
    }

    /** An enum's constant as it stands in JSON. */
    public static String name(Enum<?> constant) {
        return MAPPER.convertValue(constant, String.class);
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

    /** Reads an answer as rows; NULL for a primitive component is no zero but a failure. */
    public static <T> List<T> readRows(Answer answer, Class<T> type) {
        return parse(answer, body -> {
            List<T> list = row(type)
                    .forType(MAPPER.getTypeFactory().constructCollectionType(List.class, type))
                    .readValue(body);
            return list;
        });
    }

    /** Reads an answer as one row. */
    public static <T> T readRow(Answer answer, Class<T> type) {
        return parse(answer, body -> row(type).readValue(body));
    }

    /** Reads an answer as one row or value, or nothing if it is null. */
    public static <T> Optional<T> readOptional(Answer answer, Class<T> type) {
        return parse(
                answer,
                body -> Optional.<T>ofNullable(
                        body.length == 0 ? null : row(type).readValue(body)));
    }

    /** Reads rows while they arrive. The stream closes the body; an {@link IOException} on the way fails its reader. */
    public static <T> Stream<T> streamRows(InputStream body, Class<T> type) {
        return RowStream.of(body, row(type));
    }

    private static ObjectReader row(Class<?> type) {
        return MAPPER.readerFor(type).with(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
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
