package dev.basalt.control.function;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.function.FunctionError;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A name for a version of a function, with a part of the calls for another if so wished. As JSON {@code {name, version,
 * canary: {version, weight}}}, the weight between 0 and 1.
 */
record Alias(String name, int version, Optional<Canary> canary) {
    /** What a plain call gets. */
    static final String LIVE = "live";

    /** The version that gets a part of the calls. */
    record Canary(int version, double weight) {}

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,62}");
    private static final Set<String> FIELDS = Set.of("version", "canary");
    private static final Set<String> CANARY_FIELDS = Set.of("version", "weight");

    static Alias live(int version) {
        return new Alias(LIVE, version, Optional.empty());
    }

    /** @throws ApiException {@link FunctionError#INVALID_ALIAS} */
    static Alias parse(String name, JsonObject json) {
        if (!NAME.matcher(name).matches()) {
            throw invalid("an alias is 1 to 63 of a-z, digits, - and _, and begins with a letter");
        }
        known(json, FIELDS);
        var version = version(json);
        var canary = switch (json.getValue("canary")) {
            case null -> Optional.<Canary>empty();
            case JsonObject given -> {
                known(given, CANARY_FIELDS);
                yield Optional.of(new Canary(version(given), weight(given.getValue("weight"))));
            }
            default -> throw invalid("canary must be an object");
        };
        if (canary.isPresent() && canary.get().version() == version) {
            throw invalid("canary.version must be another one");
        }
        return new Alias(name, version, canary);
    }

    private static int version(JsonObject json) {
        if (json.getValue("version") instanceof Integer number && number > 0) {
            return number;
        }
        throw invalid("version must be a version's number");
    }

    private static double weight(Object value) {
        if (value instanceof Number number && number.doubleValue() > 0 && number.doubleValue() < 1) {
            return number.doubleValue();
        }
        throw invalid("canary.weight must be a number between 0 and 1");
    }

    private static void known(JsonObject json, Set<String> fields) {
        for (var field : json.fieldNames()) {
            if (!fields.contains(field)) {
                throw invalid("unknown field " + field);
            }
        }
    }

    private static ApiException invalid(String detail) {
        return ApiException.of(FunctionError.INVALID_ALIAS, detail);
    }

    JsonObject toJson() {
        var json = new JsonObject().put("name", name).put("version", version);
        canary.ifPresent(part -> json.put(
                "canary", new JsonObject().put("version", part.version()).put("weight", part.weight())));
        return json;
    }
}
