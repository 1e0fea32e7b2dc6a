package dev.basalt.data.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rows as JSON objects whose numbers keep every digit, for hooks to look at.
 *
 * <p>A hook in JavaScript hands back doubles; what it did not change is put back as it was. Stateless.
 */
final class ExactJson {
    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNumberLength(200_000)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private static final TypeReference<LinkedHashMap<String, Object>> ROW = new TypeReference<>() {};
    private static final TypeReference<ArrayList<LinkedHashMap<String, Object>>> ROWS = new TypeReference<>() {};

    private ExactJson() {}

    /** The rows of a document that is known to be one object, or an array of them. */
    static List<JsonObject> rows(String document, boolean array) {
        try {
            List<? extends Map<String, Object>> rows =
                    array ? MAPPER.readValue(document, ROWS) : List.of(MAPPER.readValue(document, ROW));
            return rows.stream().map(JsonObject::new).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("a document that was checked does not parse", e);
        }
    }

    /**
     * Any JSON value.
     *
     * @throws UncheckedIOException if it is none
     */
    static @Nullable Object value(String document) {
        try {
            return MAPPER.readValue(document, Object.class);
        } catch (IOException e) {
            throw new UncheckedIOException("not JSON", e);
        }
    }

    /** A value as {@link #value} reads it, as text. */
    static String text(@Nullable Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (IOException e) {
            throw new UncheckedIOException("a value that was read can't be written", e);
        }
    }

    /** Puts back what only lost digits on its way through a hook. */
    static void keepUnchanged(JsonObject shaped, JsonObject old) {
        for (var name : Set.copyOf(shaped.fieldNames())) {
            var value = old.getValue(name);
            if (value != null && same(shaped.getValue(name), value)) {
                shaped.put(name, value);
            }
        }
    }

    /** The names of members that differ; a member that is gone counts as unchanged, as in a patch. */
    static Set<String> changed(JsonObject shaped, JsonObject old) {
        var changed = new java.util.LinkedHashSet<String>();
        for (var member : shaped) {
            if (!same(member.getValue(), old.getValue(member.getKey()))) {
                changed.add(member.getKey());
            }
        }
        return changed;
    }

    /** Whether two values are the same to somebody who has doubles only. */
    static boolean same(@Nullable Object one, @Nullable Object other) {
        if (one instanceof Number a && other instanceof Number b) {
            return a.doubleValue() == b.doubleValue();
        }
        return Objects.equals(one, other);
    }
}
