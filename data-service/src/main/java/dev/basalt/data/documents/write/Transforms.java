package dev.basalt.data.documents.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.basalt.data.documents.DocumentError;
import dev.basalt.data.documents.DocumentField;
import dev.basalt.data.documents.Grammar;
import dev.basalt.data.documents.StrictJson;
import dev.basalt.data.query.PathQueryParser;
import dev.basalt.kit.error.ApiException;
import org.jspecify.annotations.Nullable;

/**
 * What a write changes beside its data: {@code [{field: "a.b", increment: 1}, …]}, each with one of {@code increment}, {@code
 * max}, {@code min} (a number), {@code arrayUnion}, {@code arrayRemove} (an array) and {@code serverTimestamp} (true).
 * Stateless.
 */
final class Transforms {
    private static final int MAX = 100;

    private Transforms() {}

    /** The transforms as {@code basalt_documents.transform} takes them, or null for none. */
    static @Nullable String parse(JsonNode transforms) {
        if (transforms.isMissingNode()) {
            return null;
        }
        if (!transforms.isArray() || transforms.isEmpty() || transforms.size() > MAX) {
            throw refused("'transforms' is an array of 1 to " + MAX);
        }
        var parsed = JsonNodeFactory.instance.arrayNode();
        for (var transform : transforms) {
            parsed.add(transform(transform));
        }
        return parsed.toString();
    }

    private static ObjectNode transform(JsonNode transform) {
        var field = transform.path("field");
        if (!transform.isObject() || transform.size() != 2 || !field.isTextual()) {
            throw refused("a transform is {\"field\": \"a.b\", \"increment\": 1} or the like");
        }
        var parsed = JsonNodeFactory.instance.objectNode();
        var steps = parsed.putArray("path");
        DocumentField.steps(Grammar.read(() -> PathQueryParser.path(field.textValue())))
                .forEach(steps::add);
        transform.properties().forEach(member -> {
            if (!member.getKey().equals("field")) {
                requireOperand(member.getKey(), member.getValue());
                parsed.put("op", member.getKey()).set("value", member.getValue());
            }
        });
        requireDepth(steps.size(), parsed.path("value"));
        return parsed;
    }

    private static void requireOperand(String op, JsonNode value) {
        switch (op) {
            case "increment", "max", "min" -> require(op, value.isNumber(), "a number");
            case "arrayUnion", "arrayRemove" -> require(op, value.isArray(), "an array");
            case "serverTimestamp" -> require(op, value.isBoolean() && value.booleanValue(), "true");
            default ->
                throw refused("'" + op + "' is none of increment, max, min, arrayUnion, arrayRemove, serverTimestamp");
        }
    }

    private static void require(String op, boolean holds, String what) {
        if (!holds) {
            throw refused("'" + op + "' takes " + what);
        }
    }

    /** The document has as many levels above the value as the path has steps. */
    private static void requireDepth(int steps, JsonNode value) {
        if (value.isContainerNode() && steps + depth(value) > StrictJson.MAX_DEPTH) {
            throw refused("the value would be deeper than " + StrictJson.MAX_DEPTH + " levels");
        }
    }

    private static int depth(JsonNode node) {
        int deepest = 0;
        for (var child : node) {
            deepest = Math.max(deepest, child.isContainerNode() ? depth(child) : 0);
        }
        return deepest + 1;
    }

    private static ApiException refused(String detail) {
        return ApiException.of(DocumentError.INVALID_REQUEST, detail);
    }
}
