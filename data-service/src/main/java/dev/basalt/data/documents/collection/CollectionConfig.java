package dev.basalt.data.documents.collection;

import com.fasterxml.jackson.databind.JsonNode;
import dev.basalt.data.documents.DocumentError;
import dev.basalt.data.documents.StrictJson;
import dev.basalt.kit.error.ApiException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is declared for a collection: {@code {schema, indexes: [{fields: ["a.b", "c.desc"], unique, group}], ttl: {field} |
 * {seconds}}}. Immutable.
 *
 * <p>{@code rules} have their place here: whatever compiles them adds its policies to the statements of {@link CollectionDdl}.
 *
 * @param schema JSON Schema as text, or null
 */
record CollectionConfig(
        @Nullable String schema,
        List<CollectionIndex> indexes,
        @Nullable Expiry ttl) {
    private static final int MAX_INDEXES = 20;
    private static final int MAX_SECONDS = 1_000_000_000;
    private static final Set<String> MEMBERS = Set.of("schema", "indexes", "ttl");

    CollectionConfig {
        indexes = List.copyOf(indexes);
    }

    /** When a document expires. */
    sealed interface Expiry {
        /** At the time (RFC 3339) in a field, written as a dotted path. */
        record Field(String path) implements Expiry {}

        /** So long after it was last written. */
        record Seconds(long seconds) implements Expiry {}
    }

    /** Reads a body; an empty one declares nothing. */
    static CollectionConfig parse(Buffer body) {
        if (body.length() == 0) {
            return new CollectionConfig(null, List.of(), null);
        }
        var config = StrictJson.object(body, StrictJson.MAX_DEPTH);
        if (config.has("rules")) {
            throw refused("'rules' are not supported yet: write policies in SQL");
        }
        StrictJson.requireMembers(config, MEMBERS);
        var schema = config.path("schema");
        if (!schema.isMissingNode() && !schema.isObject() && !schema.isBoolean()) {
            throw refused("'schema' is a JSON Schema");
        }
        return new CollectionConfig(
                schema.isMissingNode() ? null : schema.toString(),
                indexes(config.path("indexes")),
                ttl(config.path("ttl")));
    }

    private static List<CollectionIndex> indexes(JsonNode items) {
        if (items.isMissingNode()) {
            return List.of();
        }
        if (!items.isArray() || items.size() > MAX_INDEXES) {
            throw refused("'indexes' is an array of at most " + MAX_INDEXES);
        }
        var indexes = new ArrayList<CollectionIndex>();
        for (var item : items) {
            indexes.add(CollectionIndex.parse(item));
        }
        return indexes;
    }

    private static @Nullable Expiry ttl(JsonNode ttl) {
        if (ttl.isMissingNode()) {
            return null;
        }
        var seconds = ttl.path("seconds");
        if (ttl.size() == 1 && ttl.path("field").isTextual()) {
            return new Expiry.Field(ttl.path("field").textValue());
        }
        if (ttl.size() == 1
                && seconds.isIntegralNumber()
                && seconds.canConvertToInt()
                && seconds.intValue() > 0
                && seconds.intValue() <= MAX_SECONDS) {
            return new Expiry.Seconds(seconds.intValue());
        }
        throw refused("'ttl' is {\"field\": \"a.b\"} or {\"seconds\": n}");
    }

    static ApiException refused(String detail) {
        return ApiException.of(DocumentError.INVALID_REQUEST, detail);
    }
}
