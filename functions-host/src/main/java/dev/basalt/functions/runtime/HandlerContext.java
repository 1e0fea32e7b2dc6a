package dev.basalt.functions.runtime;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What a handler finds in {@code ctx}. The caller, whose claims are most of it and which few handlers look at, is JSON already.
 * Must not be modified.
 *
 * @param values request id, project and the like, without the caller
 * @param callerJson {@code {role, id, claims}}, the last two of a user; null where there is none
 */
public record HandlerContext(JsonObject values, @Nullable String callerJson) {
    /** Of nobody's call. */
    public HandlerContext(JsonObject values) {
        this(values, null);
    }

    /** The same with one more value. */
    public HandlerContext with(String name, Object value) {
        return new HandlerContext(values.copy().put(name, value), callerJson);
    }

    /** All of it in one object. */
    public JsonObject json() {
        return callerJson == null ? values : values.copy().put("caller", new JsonObject(callerJson));
    }
}
