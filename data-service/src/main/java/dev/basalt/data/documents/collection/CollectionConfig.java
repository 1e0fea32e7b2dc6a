package dev.basalt.data.documents.collection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.basalt.data.documents.DocumentError;
import dev.basalt.data.documents.StrictJson;
import dev.basalt.data.rules.AccessRules;
import dev.basalt.data.rules.RuleOperation;
import dev.basalt.kit.error.ApiException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is declared for a collection: {@code {schema, rules: {read, create, update, delete}, indexes: [{fields: ["a.b", "c.desc"], unique, group}], ttl: {field} |
 * {seconds}}}. Immutable.
 *
 * @param schema JSON Schema as text, or null
 */
record CollectionConfig(
        @Nullable String schema,
        AccessRules rules,
        List<CollectionIndex> indexes,
        @Nullable Expiry ttl) {
    private static final int MAX_INDEXES = 20;
    private static final int MAX_SECONDS = 1_000_000_000;
    private static final Set<String> RULES = Set.of("read", "create", "update", "delete");
    private static final Set<String> MEMBERS = Set.of("schema", "rules", "indexes", "ttl");

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
            return new CollectionConfig(null, AccessRules.NONE, List.of(), null);
        }
        var config = StrictJson.object(body, StrictJson.MAX_DEPTH);
        StrictJson.requireMembers(config, MEMBERS);
        var schema = config.path("schema");
        if (!schema.isMissingNode() && !schema.isObject() && !schema.isBoolean()) {
            throw refused("'schema' is a JSON Schema");
        }
        return new CollectionConfig(
                schema.isMissingNode() ? null : schema.toString(),
                rules(config.path("rules")),
                indexes(config.path("indexes")),
                ttl(config.path("ttl")));
    }

    private static AccessRules rules(JsonNode rules) {
        if (rules.isMissingNode()) {
            return AccessRules.NONE;
        }
        if (!(rules instanceof ObjectNode object)) {
            throw refused("'rules' is an object");
        }
        StrictJson.requireMembers(object, RULES);
        return new AccessRules(
                rule(object, RuleOperation.READ),
                rule(object, RuleOperation.CREATE),
                rule(object, RuleOperation.UPDATE),
                rule(object, RuleOperation.DELETE));
    }

    private static @Nullable String rule(ObjectNode rules, RuleOperation operation) {
        var rule = rules.path(operation.ruleName());
        if (!rule.isMissingNode() && !rule.isTextual()) {
            throw refused("'rules' holds texts");
        }
        return rule.textValue();
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
