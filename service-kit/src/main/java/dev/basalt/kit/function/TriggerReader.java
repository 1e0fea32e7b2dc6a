package dev.basalt.kit.function;

import dev.basalt.kit.function.FunctionManifest.Trigger;
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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the {@code triggers} of a manifest. */
final class TriggerReader {
    private static final Pattern IDENTIFIER = Pattern.compile("[^\\x00-\\x1f.\"]{1,63}");
    private static final Set<String> FIELDS =
            Set.of("on", "table", "when", "events", "timeoutMs", "onFailure", "order");
    static final String TABLE = "table";
    private static final int DEFAULT_HOOK_TIMEOUT_MS = 2_000;
    private static final int MAX_HOOK_TIMEOUT_MS = 10_000;
    private static final int MAX_TRIGGERS = 50;
    private static final int MAX_ORDER = 1000;

    private TriggerReader() {}

    static List<Trigger> triggers(@Nullable Object value, int functionTimeout) {
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof JsonArray array) || array.size() > MAX_TRIGGERS) {
            throw ManifestFields.invalid("triggers", "must be a list of at most " + MAX_TRIGGERS);
        }
        var triggers = new ArrayList<Trigger>();
        for (var i = 0; i < array.size(); i++) {
            if (!(array.getValue(i) instanceof JsonObject trigger)) {
                throw ManifestFields.invalid("triggers[" + i + "]", "must be an object");
            }
            triggers.add(trigger(trigger, "triggers[" + i + "].", functionTimeout));
        }
        return triggers;
    }

    private static Trigger trigger(JsonObject json, String at, int functionTimeout) {
        var fields = new ManifestFields(json, at);
        fields.known(FIELDS);
        var table = table(json, at);
        var when = String.valueOf(json.getValue("when"));
        if (!when.equals("before") && !when.equals("after")) {
            throw ManifestFields.invalid(at + "when", "must be before or after");
        }
        var moment = Moment.valueOf(when.toUpperCase(Locale.ROOT));
        if (moment == Moment.AFTER && !on(table).equals(TABLE)) {
            throw ManifestFields.invalid(at + "when", "must be before on users and objects");
        }
        if (moment == Moment.AFTER && json.containsKey("order")) {
            throw ManifestFields.invalid(at + "order", "is for before hooks");
        }
        var onFailure = String.valueOf(json.getValue("onFailure", "reject"));
        if (!onFailure.equals("reject") && !onFailure.equals("allow")) {
            throw ManifestFields.invalid(at + "onFailure", "must be reject or allow");
        }
        var timeout = moment == Moment.BEFORE
                ? fields.number("timeoutMs", DEFAULT_HOOK_TIMEOUT_MS, 1, MAX_HOOK_TIMEOUT_MS)
                : fields.number("timeoutMs", functionTimeout, 1, ManifestReader.MAX_TIMEOUT_MS);
        return new Trigger(
                table,
                moment,
                operations(json.getValue("events"), at),
                Duration.ofMillis(timeout),
                onFailure.equals("allow"),
                fields.number("order", 0, -MAX_ORDER, MAX_ORDER));
    }

    /** What a trigger on this table is said to be {@code on}. */
    static String on(String table) {
        return switch (table) {
            case DataTrigger.USERS -> "users";
            case DataTrigger.OBJECTS -> "objects";
            default -> TABLE;
        };
    }

    private static String table(JsonObject json, String at) {
        var value = json.getValue("table");
        var on = String.valueOf(json.getValue("on", TABLE));
        if (!on.equals(TABLE)) {
            if (value != null) {
                throw ManifestFields.invalid(at + "table", "is for triggers on a table");
            }
            return switch (on) {
                case "users" -> DataTrigger.USERS;
                case "objects" -> DataTrigger.OBJECTS;
                default -> throw ManifestFields.invalid(at + "on", "must be table, users or objects");
            };
        }
        if (value instanceof String text) {
            var dot = text.indexOf('.');
            var schema = dot < 0 ? "public" : text.substring(0, dot);
            var table = text.substring(dot + 1);
            if (IDENTIFIER.matcher(schema).matches()
                    && IDENTIFIER.matcher(table).matches()) {
                return schema + "." + table;
            }
        }
        throw ManifestFields.invalid(at + "table", "must be schema.table");
    }

    private static Set<Operation> operations(@Nullable Object value, String at) {
        var operations = EnumSet.noneOf(Operation.class);
        if (value instanceof JsonArray array) {
            for (var event : array) {
                switch (String.valueOf(event)) {
                    case "insert" -> operations.add(Operation.INSERT);
                    case "update" -> operations.add(Operation.UPDATE);
                    case "delete" -> operations.add(Operation.DELETE);
                    default -> throw ManifestFields.invalid(at + "events", "may hold insert, update and delete");
                }
            }
        }
        if (operations.isEmpty()) {
            throw ManifestFields.invalid(at + "events", "must name at least one of insert, update and delete");
        }
        return operations;
    }
}
