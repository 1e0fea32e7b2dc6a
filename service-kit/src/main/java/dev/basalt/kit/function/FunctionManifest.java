package dev.basalt.kit.function;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.project.DataTrigger;
import dev.basalt.kit.project.DataTrigger.Moment;
import dev.basalt.kit.project.DataTrigger.Operation;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a function's author says of it. As JSON: {@code {runtime, entrypoint, timeoutMs, memoryMb, public, env: {name: text},
 * triggers: [{on: "table", table: "public.todos", when: "before"|"after", events: ["insert","update","delete"], timeoutMs,
 * onFailure: "reject"|"allow"}]}}; all of it is optional. Immutable; {@code environment} must not be modified.
 */
public record FunctionManifest(
        String runtime,
        String entrypoint,
        Duration timeout,
        int memoryMb,
        boolean isPublic,
        JsonObject environment,
        List<Trigger> triggers) {
    /** When the function runs by itself; the same as {@link DataTrigger} without the function's name. */
    public record Trigger(
            String table, Moment moment, Set<Operation> operations, Duration timeout, boolean allowOnFailure) {
        public Trigger {
            operations = Set.copyOf(operations);
        }
    }

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_-]{0,62}");
    private static final Pattern IDENTIFIER = Pattern.compile("[^\\x00-\\x1f.\"]{1,63}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
    private static final Set<String> FIELDS =
            Set.of("name", "runtime", "entrypoint", "timeoutMs", "memoryMb", "public", "env", "triggers");
    private static final Set<String> TRIGGER_FIELDS = Set.of("on", "table", "when", "events", "timeoutMs", "onFailure");
    private static final int DEFAULT_TIMEOUT_MS = 10_000;
    private static final int DEFAULT_HOOK_TIMEOUT_MS = 2_000;
    private static final int MAX_TIMEOUT_MS = 150_000;
    private static final int MAX_HOOK_TIMEOUT_MS = 10_000;
    private static final int DEFAULT_MEMORY_MB = 128;
    private static final int MAX_MEMORY_MB = 256;
    private static final int MAX_TRIGGERS = 50;
    private static final int MAX_ENVIRONMENT = 64 * 1024;

    public FunctionManifest {
        triggers = List.copyOf(triggers);
    }

    /** Whether this can be a function's name: a path segment that needs no encoding. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /**
     * Reads a manifest.
     *
     * @throws ApiException {@link FunctionError#INVALID_MANIFEST} with the first field that is wrong
     */
    public static FunctionManifest parse(JsonObject json) {
        known(json, FIELDS, "");
        var runtime = text(json, "runtime", "js");
        if (!runtime.equals("js")) {
            throw invalid("runtime must be js");
        }
        var entrypoint = text(json, "entrypoint", "index.js");
        var timeout = number(json, "timeoutMs", DEFAULT_TIMEOUT_MS, 1, MAX_TIMEOUT_MS);
        var memory = number(json, "memoryMb", DEFAULT_MEMORY_MB, 16, MAX_MEMORY_MB);
        return new FunctionManifest(
                runtime,
                entrypoint,
                Duration.ofMillis(timeout),
                memory,
                flag(json.getValue("public")),
                environment(json.getValue("env")),
                triggers(json.getValue("triggers"), timeout));
    }

    /** This manifest with every default written out. */
    public JsonObject toJson() {
        var array = new JsonArray();
        triggers.forEach(trigger -> array.add(toJson(trigger).put("on", "table")));
        return new JsonObject()
                .put("runtime", runtime)
                .put("entrypoint", entrypoint)
                .put("timeoutMs", Math.toIntExact(timeout.toMillis()))
                .put("memoryMb", memoryMb)
                .put("public", isPublic)
                .put("env", environment)
                .put("triggers", array);
    }

    /** The triggers as a project's snapshot lists them. */
    public JsonArray projectTriggers(String function) {
        var array = new JsonArray();
        triggers.forEach(trigger -> array.add(toJson(trigger).put("function", function)));
        return array;
    }

    private static JsonObject toJson(Trigger trigger) {
        var events = new TreeSet<String>();
        trigger.operations().forEach(operation -> events.add(operation.name().toLowerCase(Locale.ROOT)));
        return new JsonObject()
                .put("table", trigger.table())
                .put("when", trigger.moment().name().toLowerCase(Locale.ROOT))
                .put("events", new JsonArray(List.copyOf(events)))
                .put("timeoutMs", Math.toIntExact(trigger.timeout().toMillis()))
                .put("onFailure", trigger.allowOnFailure() ? "allow" : "reject");
    }

    private static List<Trigger> triggers(@Nullable Object value, int functionTimeout) {
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof JsonArray array) || array.size() > MAX_TRIGGERS) {
            throw invalid("triggers must be a list of at most " + MAX_TRIGGERS);
        }
        var triggers = new ArrayList<Trigger>();
        for (var i = 0; i < array.size(); i++) {
            if (!(array.getValue(i) instanceof JsonObject trigger)) {
                throw invalid("triggers[" + i + "] must be an object");
            }
            triggers.add(trigger(trigger, "triggers[" + i + "].", functionTimeout));
        }
        return triggers;
    }

    private static Trigger trigger(JsonObject json, String at, int functionTimeout) {
        known(json, TRIGGER_FIELDS, at);
        if (!"table".equals(json.getValue("on", "table"))) {
            throw invalid(at + "on must be table");
        }
        var when = String.valueOf(json.getValue("when"));
        if (!when.equals("before") && !when.equals("after")) {
            throw invalid(at + "when must be before or after");
        }
        var moment = Moment.valueOf(when.toUpperCase(Locale.ROOT));
        var onFailure = String.valueOf(json.getValue("onFailure", "reject"));
        if (!onFailure.equals("reject") && !onFailure.equals("allow")) {
            throw invalid(at + "onFailure must be reject or allow");
        }
        var timeout = moment == Moment.BEFORE
                ? number(json, "timeoutMs", DEFAULT_HOOK_TIMEOUT_MS, 1, MAX_HOOK_TIMEOUT_MS)
                : number(json, "timeoutMs", functionTimeout, 1, MAX_TIMEOUT_MS);
        return new Trigger(
                table(json.getValue("table"), at),
                moment,
                operations(json.getValue("events"), at),
                Duration.ofMillis(timeout),
                onFailure.equals("allow"));
    }

    private static String table(@Nullable Object value, String at) {
        if (value instanceof String text) {
            var dot = text.indexOf('.');
            var schema = dot < 0 ? "public" : text.substring(0, dot);
            var table = text.substring(dot + 1);
            if (IDENTIFIER.matcher(schema).matches()
                    && IDENTIFIER.matcher(table).matches()) {
                return schema + "." + table;
            }
        }
        throw invalid(at + "table must be schema.table");
    }

    private static Set<Operation> operations(@Nullable Object value, String at) {
        var operations = EnumSet.noneOf(Operation.class);
        if (value instanceof JsonArray array) {
            for (var event : array) {
                switch (String.valueOf(event)) {
                    case "insert" -> operations.add(Operation.INSERT);
                    case "update" -> operations.add(Operation.UPDATE);
                    case "delete" -> operations.add(Operation.DELETE);
                    default -> throw invalid(at + "events may hold insert, update and delete");
                }
            }
        }
        if (operations.isEmpty()) {
            throw invalid(at + "events must name at least one of insert, update and delete");
        }
        return operations;
    }

    private static JsonObject environment(@Nullable Object value) {
        if (value == null) {
            return new JsonObject();
        }
        if (!(value instanceof JsonObject json) || json.encode().length() > MAX_ENVIRONMENT) {
            throw invalid("env must be an object of texts, at most " + MAX_ENVIRONMENT + " bytes");
        }
        for (var entry : json) {
            if (!VARIABLE.matcher(entry.getKey()).matches() || !(entry.getValue() instanceof String)) {
                throw invalid("env." + entry.getKey() + " must be a text under a plain name");
            }
        }
        return json;
    }

    private static void known(JsonObject json, Set<String> fields, String at) {
        for (var field : json.fieldNames()) {
            if (!fields.contains(field)) {
                throw invalid("unknown field " + at + field);
            }
        }
    }

    private static String text(JsonObject json, String field, String fallback) {
        var value = json.getValue(field);
        if (value == null) {
            return fallback;
        }
        if (value instanceof String text && !text.isEmpty() && text.length() <= 255) {
            return text;
        }
        throw invalid(field + " must be a text");
    }

    private static int number(JsonObject json, String field, int fallback, int min, int max) {
        var value = json.getValue(field);
        if (value == null) {
            return Math.min(fallback, max);
        }
        if (value instanceof Integer number && number >= min && number <= max) {
            return number;
        }
        throw invalid(field + " must be a number from " + min + " to " + max);
    }

    private static boolean flag(@Nullable Object value) {
        if (value == null || value instanceof Boolean) {
            return Boolean.TRUE.equals(value);
        }
        throw invalid("public must be true or false");
    }

    private static ApiException invalid(String detail) {
        return ApiException.of(FunctionError.INVALID_MANIFEST, detail);
    }
}
