package dev.basalt.sdk.documents;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.basalt.sdk.http.DocumentJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Operations on a document one after the other, all or none (RFC 6902). Places are JSON pointers (RFC 6901), {@code /tags/0}.
 * Immutable: each method answers a longer one.
 */
public final class JsonPatch {
    private final List<Map<String, Object>> operations;

    private JsonPatch(List<Map<String, Object>> operations) {
        this.operations = operations;
    }

    /** One that changes nothing yet. */
    public static JsonPatch patch() {
        return new JsonPatch(List.of());
    }

    /** Adds a member, replacing one that is there, or an element before the one there; {@code /tags/-} is behind the last. */
    public JsonPatch add(String pointer, @Nullable Object value) {
        return with("add", pointer, "value", DocumentJson.tree(value));
    }

    /** Removes what is there. */
    public JsonPatch remove(String pointer) {
        return with("remove", pointer);
    }

    /** Replaces what is there. */
    public JsonPatch replace(String pointer, @Nullable Object value) {
        return with("replace", pointer, "value", DocumentJson.tree(value));
    }

    /** Takes what is at one place to another. */
    public JsonPatch move(String from, String pointer) {
        return with("move", pointer, "from", from);
    }

    /** Adds what is at one place at another. */
    public JsonPatch copy(String from, String pointer) {
        return with("copy", pointer, "from", from);
    }

    /** Lets the patch fail where there is another value. */
    public JsonPatch test(String pointer, @Nullable Object value) {
        return with("test", pointer, "value", DocumentJson.tree(value));
    }

    /** As it stands in JSON. */
    @JsonValue
    List<Map<String, Object>> operations() {
        return operations;
    }

    private JsonPatch with(String name, String pointer) {
        return with(Map.of("op", name, "path", pointer));
    }

    private JsonPatch with(String name, String pointer, String member, Object value) {
        return with(Map.of("op", name, "path", pointer, member, value));
    }

    private JsonPatch with(Map<String, Object> operation) {
        var more = new ArrayList<>(operations);
        more.add(operation);
        return new JsonPatch(List.copyOf(more));
    }
}
