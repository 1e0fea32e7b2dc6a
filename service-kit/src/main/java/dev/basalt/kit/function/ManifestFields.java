package dev.basalt.kit.function;

import dev.basalt.kit.error.ApiException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/** Typed reads of one object of a manifest; each refuses a value of another type by the field's name. */
record ManifestFields(JsonObject json, String at) {
    private static final int MAX_TEXT = 255;

    /** Refuses fields that are not among these. */
    void known(Set<String> fields) {
        for (var field : json.fieldNames()) {
            if (!fields.contains(field)) {
                throw ApiException.of(FunctionError.INVALID_MANIFEST, "unknown field " + at + field)
                        .with("field", at + field);
            }
        }
    }

    Optional<String> text(String field) {
        return switch (json.getValue(field)) {
            case null -> Optional.empty();
            case String text when !text.isEmpty() && text.length() <= MAX_TEXT -> Optional.of(text);
            default -> throw invalid(at + field, "must be a text of 1 to " + MAX_TEXT + " characters");
        };
    }

    OptionalInt number(String field, int min, int max) {
        return switch (json.getValue(field)) {
            case null -> OptionalInt.empty();
            case Integer number when number >= min && number <= max -> OptionalInt.of(number);
            default -> throw invalid(at + field, "must be a whole number from " + min + " to " + max);
        };
    }

    int number(String field, int fallback, int min, int max) {
        return number(field, min, max).orElse(Math.min(fallback, max));
    }

    boolean flag(String field, boolean fallback) {
        return switch (json.getValue(field)) {
            case null -> fallback;
            case Boolean flag -> flag;
            default -> throw invalid(at + field, "must be true or false");
        };
    }

    /** A list of different texts; the parser makes a value of each, or nothing of what is none. */
    <T> List<T> list(String field, int max, String what, Function<String, Optional<T>> parser) {
        var value = json.getValue(field);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof JsonArray array) || array.size() > max) {
            throw invalid(at + field, "must be a list of at most " + max + " " + what);
        }
        var read = new LinkedHashSet<T>();
        for (var i = 0; i < array.size(); i++) {
            var place = at + field + "[" + i + "]";
            var parsed = array.getValue(i) instanceof String text ? parser.apply(text) : Optional.<T>empty();
            if (!read.add(parsed.orElseThrow(() -> invalid(place, "must be " + what)))) {
                throw invalid(place, "stands twice");
            }
        }
        return List.copyOf(read);
    }

    /** What is wrong with which field; its path is a member of the error. */
    static ApiException invalid(String field, String what) {
        return ApiException.of(FunctionError.INVALID_MANIFEST, field + " " + what)
                .with("field", field);
    }
}
