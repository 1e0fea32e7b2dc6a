package dev.basalt.auth.wire;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a request's JSON body, each read as the one type it may have. Null counts as absent; unknown fields are
 * let be, because clients send some that this version does not use.
 */
public final class JsonFields {
    private final JsonObject json;

    private JsonFields(JsonObject json) {
        this.json = json;
    }

    /**
     * Reads the body; fails as {@link Exchange#jsonObject} does, and with {@link AuthError#VALIDATION_FAILED} if a string
     * or a name in it, at any depth, can't be stored: PostgreSQL takes no NUL and no half of a surrogate pair.
     */
    public static Future<JsonFields> read(Exchange exchange) {
        return exchange.jsonObject().map(json -> {
            checkStorable(json.getMap());
            return new JsonFields(json);
        });
    }

    /** @throws ApiException {@link AuthError#BAD_JSON} if it is of another type, as the other readers do */
    public @Nullable String string(String name) {
        var value = json.getValue(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw wrongType(name, "a string");
    }

    /** The string, or an empty one where it is absent. */
    public String text(String name) {
        var value = string(name);
        return value == null ? "" : value;
    }

    public @Nullable Boolean bool(String name) {
        var value = json.getValue(name);
        if (value == null || value instanceof Boolean) {
            return (Boolean) value;
        }
        throw wrongType(name, "a boolean");
    }

    public @Nullable JsonObject object(String name) {
        var value = json.getValue(name);
        if (value == null || value instanceof JsonObject) {
            return (JsonObject) value;
        }
        throw wrongType(name, "an object");
    }

    private static ApiException wrongType(String name, String expected) {
        return ApiException.of(
                AuthError.BAD_JSON, "Could not parse request body as JSON: " + name + " must be " + expected);
    }

    private static void checkStorable(@Nullable Object value) {
        switch (value) {
            case String text -> checkText(text);
            case Double number
            when !Double.isFinite(number) ->
                throw ApiException.of(AuthError.VALIDATION_FAILED, "A number is too large");
            case JsonObject object -> checkStorable(object.getMap());
            case JsonArray array -> checkStorable(array.getList());
            case Map<?, ?> map ->
                map.forEach((name, member) -> {
                    checkText(String.valueOf(name));
                    checkStorable(member);
                });
            case Iterable<?> list -> list.forEach(JsonFields::checkStorable);
            case null, default -> {}
        }
    }

    private static void checkText(String text) {
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            var whole = !Character.isSurrogate(c)
                    || (Character.isHighSurrogate(c)
                            && i + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(i + 1)));
            if (c == 0 || !whole) {
                throw ApiException.of(AuthError.VALIDATION_FAILED, "A string holds a NUL or half of a surrogate pair");
            }
            if (Character.isHighSurrogate(c)) {
                i++;
            }
        }
    }
}
