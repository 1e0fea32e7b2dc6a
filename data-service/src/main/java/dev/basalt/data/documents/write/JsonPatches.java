package dev.basalt.data.documents.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.basalt.data.documents.DocumentError;
import dev.basalt.data.documents.StrictJson;
import dev.basalt.kit.error.ApiException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * JSON patches (RFC 6902).
 *
 * <p>What is no patch, and what can't be applied, is refused with {@link DocumentError#INVALID_PATCH} and the index of the
 * operation. Used by one thread for one patch.
 */
final class JsonPatches {
    /** A patch wraps the values that it adds in an operation and a list. */
    private static final int DEPTH = StrictJson.MAX_DEPTH + 2;

    /** Operations on large arrays take their time, and run on an event loop. */
    private static final int MAX_OPERATIONS = 1000;

    private static final Pattern POINTER = Pattern.compile("(/([^~]|~[01])*)?", Pattern.DOTALL);
    private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,8}");

    private JsonNode document;
    private long copied;

    private JsonPatches(JsonNode document) {
        this.document = document;
    }

    /** The text of a body that is a patch. */
    static String read(Buffer body) {
        return read(StrictJson.tree(body, DEPTH));
    }

    /** The text of a patch. */
    static String read(JsonNode patch) {
        if (!(patch instanceof ArrayNode operations) || operations.size() > MAX_OPERATIONS) {
            throw refused(-1, "A patch is an array of at most " + MAX_OPERATIONS + " operations");
        }
        for (int i = 0; i < operations.size(); i++) {
            check(i, operations.get(i));
        }
        return patch.toString();
    }

    private static void check(int index, JsonNode operation) {
        var op = operation.path("op").asText();
        boolean valid = switch (op) {
            case "add", "replace", "test" -> operation.has("value");
            case "move", "copy" -> operation.path("from").isTextual();
            case "remove" -> true;
            default -> throw refused(index, "'op' is add, remove, replace, move, copy or test");
        };
        if (!valid || !operation.path("path").isTextual()) {
            throw refused(index, "'" + op + "' lacks a member");
        }
        steps(index, operation.path("path"));
        if (operation.path("from").isTextual()) {
            steps(index, operation.path("from"));
        }
    }

    /** The document after a patch that was read. */
    static String apply(String patch, String text) {
        var patched = new JsonPatches(StrictJson.parse(text));
        var operations = StrictJson.parse(patch);
        for (int i = 0; i < operations.size(); i++) {
            patched.apply(i, operations.get(i));
        }
        return StrictJson.document(patched.document, "");
    }

    private void apply(int index, JsonNode operation) {
        var path = steps(index, operation.path("path"));
        var value = operation.path("value");
        switch (operation.path("op").asText()) {
            case "add" -> add(index, path, value);
            case "remove" -> remove(index, path);
            case "replace" -> {
                remove(index, path);
                add(index, path, value);
            }
            case "move" -> {
                var from = steps(index, operation.path("from"));
                if (path.size() > from.size() && path.subList(0, from.size()).equals(from)) {
                    throw refused(index, "A value can't be moved into itself");
                }
                var moved = get(index, from);
                remove(index, from);
                add(index, path, moved);
            }
            case "copy" -> {
                var source = get(index, steps(index, operation.path("from")));
                // Copies of copies double: what they amount to is bounded before it is made.
                copied += weight(source);
                if (copied > StrictJson.MAX_BYTES) {
                    throw ApiException.of(DocumentError.DOCUMENT_TOO_LARGE);
                }
                add(index, path, source.deepCopy());
            }
            default -> {
                if (!same(get(index, path), value)) {
                    throw refused(index, "The test fails");
                }
            }
        }
    }

    private JsonNode get(int index, List<String> path) {
        var node = document;
        for (var step : path) {
            node = child(index, node, step);
        }
        return node;
    }

    private static JsonNode child(int index, JsonNode node, String step) {
        JsonNode child = null;
        if (node instanceof ObjectNode object) {
            child = object.get(step);
        } else if (node instanceof ArrayNode array && INDEX.matcher(step).matches()) {
            child = array.get(Integer.parseInt(step));
        }
        if (child == null) {
            throw refused(index, "There is nothing at '" + StrictJson.escaped(step) + "'");
        }
        return child;
    }

    private void add(int index, List<String> path, JsonNode value) {
        if (path.isEmpty()) {
            document = value;
            return;
        }
        var parent = get(index, path.subList(0, path.size() - 1));
        var step = path.getLast();
        if (parent instanceof ObjectNode object) {
            object.set(step, value);
        } else if (parent instanceof ArrayNode array && step.equals("-")) {
            array.add(value);
        } else if (parent instanceof ArrayNode array
                && INDEX.matcher(step).matches()
                && Integer.parseInt(step) <= array.size()) {
            array.insert(Integer.parseInt(step), value);
        } else {
            throw refused(index, "Nothing can be put at '" + StrictJson.escaped(step) + "'");
        }
    }

    private void remove(int index, List<String> path) {
        get(index, path);
        if (path.isEmpty()) {
            document = NullNode.getInstance();
            return;
        }
        var parent = get(index, path.subList(0, path.size() - 1));
        if (parent instanceof ObjectNode object) {
            object.remove(path.getLast());
        } else if (parent instanceof ArrayNode array) {
            array.remove(Integer.parseInt(path.getLast()));
        }
    }

    /** Numbers are equal by their value, objects whatever the order of their members (section 4.6). */
    private static boolean same(JsonNode one, @Nullable JsonNode other) {
        if (other == null || one.size() != other.size()) {
            return false;
        }
        if (one.isNumber() && other.isNumber()) {
            return one.decimalValue().compareTo(other.decimalValue()) == 0;
        }
        if (one.isObject() && other.isObject()) {
            return one.properties().stream().allMatch(member -> same(member.getValue(), other.get(member.getKey())));
        }
        if (one.isArray() && other.isArray()) {
            for (int i = 0; i < one.size(); i++) {
                if (!same(one.get(i), other.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return one.equals(other);
    }

    private static long weight(JsonNode node) {
        long weight = 1L + (node.isContainerNode() ? 0 : node.asText().length());
        for (var member : node.properties()) {
            weight += member.getKey().length();
        }
        for (var child : node) {
            weight += weight(child);
        }
        return weight;
    }

    /** The steps of a JSON pointer (RFC 6901). */
    private static List<String> steps(int index, JsonNode pointer) {
        var text = pointer.textValue();
        if (!POINTER.matcher(text).matches()) {
            throw refused(index, "'" + text + "' is no JSON pointer");
        }
        var steps = new ArrayList<String>();
        for (int start = text.indexOf('/'); start >= 0; ) {
            int end = text.indexOf('/', start + 1);
            steps.add(text.substring(start + 1, end < 0 ? text.length() : end)
                    .replace("~1", "/")
                    .replace("~0", "~"));
            start = end;
        }
        return steps;
    }

    private static ApiException refused(int index, String detail) {
        var refusal = ApiException.of(DocumentError.INVALID_PATCH, detail);
        return index < 0 ? refusal : refusal.with("operation", index);
    }
}
