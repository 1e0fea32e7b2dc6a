package dev.basalt.sdk.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.basalt.sdk.error.TransportException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
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

    private static final JsonMapper MAPPER = builder()
            .addModule(Bytea.module())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private Json() {}

    /** What all JSON of this client has in common. */
    static JsonMapper.Builder builder() {
        return JsonMapper.builder(FACTORY)
                .addModule(new JavaTimeModule())
                .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES);
    }

    /** Writes a value as UTF-8 JSON. */
    public static byte[] write(@Nullable Object value) {
        return written(MAPPER.writer(), value);
    }

    static byte[] written(ObjectWriter writer, @Nullable Object value) {
        try {
            return writer.writeValueAsBytes(value);
        } catch (JacksonException problem) {
            throw new TransportException(
                    TransportException.Reason.INVALID_REQUEST,
                    "The value cannot be written as JSON: " + problem.getOriginalMessage(),
                    null,
                    problem);
        }
    }

    /**
     * Writes a value as UTF-8 JSON, in which values that are known later stand as they write themselves.
     *
     * @param later what those values find as an attribute of that name
     */
    public static byte[] write(@Nullable Object value, Class<?> name, Object later) {
        return written(MAPPER.writer().withAttribute(name, later), value);
    }

    /** A value as a JSON tree. */
    public static JsonNode tree(@Nullable Object value) {
        return MAPPER.valueToTree(value);
    }

    /** An enum's constant as it stands in JSON. */
    public static String name(Enum<?> constant) {
        return MAPPER.convertValue(constant, String.class);
    }

    /** Bytes that were written as JSON as a tree. */
    public static JsonNode parsed(byte[] json) {
        JsonNode tree = tree(json);
        if (tree == null) throw new IllegalArgumentException("not JSON");
        return tree;
    }

    /** A tree as text, number, truth value, list and map, without what is null in it. */
    static Object plain(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> {
                var map = new LinkedHashMap<String, Object>();
                value.properties().forEach(member -> {
                    if (!member.getValue().isNull()) map.put(member.getKey(), plain(member.getValue()));
                });
                yield map;
            }
            case ARRAY ->
                value.valueStream()
                        .filter(element -> !element.isNull())
                        .map(Json::plain)
                        .toList();
            case NUMBER -> value.numberValue();
            case BOOLEAN -> value.booleanValue();
            default -> value.asText();
        };
    }

    /** Reads an answer as a tree. */
    public static JsonNode readTree(Answer answer) {
        return parse(answer, MAPPER::readTree);
    }

    /** Reads a tree, which came with an answer, as one row or value; null where it is null. */
    public static <T> @Nullable T row(JsonNode tree, Class<T> type, @Nullable String requestId) {
        return converted(MAPPER, tree, type, requestId);
    }

    static <T> @Nullable T converted(JsonMapper mapper, JsonNode tree, Class<T> type, @Nullable String requestId) {
        try {
            return mapper.readerFor(type)
                    .with(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .readValue(tree);
        } catch (IOException problem) {
            throw unreadable(problem, requestId);
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

    static ObjectReader row(Class<?> type) {
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

    static TransportException unreadable(IOException problem, @Nullable String requestId) {
        String why = problem instanceof JacksonException json ? json.getOriginalMessage() : problem.getMessage();
        return new TransportException(
                TransportException.Reason.INVALID_ANSWER,
                "The answer is not the expected JSON: " + why,
                requestId,
                problem);
    }

    /** One way of reading bytes. */
    interface Parser<T> {
        @Nullable
        T parse(byte[] body) throws IOException;
    }

    static <T> T parse(Answer answer, Parser<T> parser) {
        T value;
        try {
            value = parser.parse(answer.body());
        } catch (IOException problem) {
            throw unreadable(problem, answer.requestId());
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
