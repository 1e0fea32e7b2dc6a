package dev.basalt.data.body;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.plan.Payload;
import dev.basalt.kit.error.ApiException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Looks at a JSON body as far as its plan depends on it: whether it is one row or many, and which members rows have.
 *
 * <p>The values stay as they are, for PostgreSQL to read; the document is checked to its end, so that a broken one never
 * reaches the database. Stateless.
 */
final class JsonRows {
    /** The body's own limit bounds numbers and strings; PostgreSQL takes numbers longer than Jackson's default. */
    static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(200_000)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(50_000)
                    .maxNestingDepth(1_000)
                    .build())
            .build();

    private JsonRows() {}

    /**
     * The shape of a body; {@code PGRST102} when it is not an object or an array of objects.
     *
     * @param uniform whether every row must have the members of the first, because nothing else names the columns
     */
    static Payload read(String body, boolean uniform) {
        if (body.isEmpty()) {
            throw Refusal.of(RestError.INVALID_BODY);
        }
        try (var parser = JSON.createParser(body)) {
            var payload = switch (parser.nextToken()) {
                case START_OBJECT -> new Payload(false, List.copyOf(row(parser)));
                case START_ARRAY -> new Payload(true, rows(parser, uniform));
                case null, default -> throw Refusal.of(RestError.INVALID_BODY);
            };
            requireEnd(parser);
            return payload;
        } catch (JsonProcessingException malformed) {
            throw malformed(malformed);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static void requireEnd(JsonParser parser) throws IOException {
        if (parser.nextToken() != null) {
            throw Refusal.withDetails(RestError.INVALID_BODY, "The body goes on after its JSON value.");
        }
    }

    private static List<String> rows(JsonParser parser, boolean uniform) throws IOException {
        Set<String> first = Set.of();
        int count = 0;
        for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token != JsonToken.START_OBJECT) {
                throw Refusal.withDetails(RestError.INVALID_BODY, "Every element of the array must be an object.");
            }
            if (count++ == 0) {
                first = row(parser);
            } else if (uniform) {
                if (!first.equals(row(parser))) {
                    throw Refusal.of(RestError.INVALID_BODY, "All object keys must match", null, null);
                }
            } else {
                parser.skipChildren();
            }
        }
        return new ArrayList<>(first);
    }

    /** The names of the object that the parser stands on, which it leaves behind. */
    static Set<String> row(JsonParser parser) throws IOException {
        var names = new LinkedHashSet<String>();
        for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            names.add(name);
            parser.nextToken();
            parser.skipChildren();
        }
        return names;
    }

    static ApiException malformed(JsonProcessingException e) {
        var location = e.getLocation();
        var where =
                location == null ? "" : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
        return Refusal.withDetails(RestError.INVALID_BODY, e.getOriginalMessage() + where);
    }
}
