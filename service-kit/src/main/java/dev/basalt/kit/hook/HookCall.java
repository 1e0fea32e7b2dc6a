package dev.basalt.kit.hook;

import dev.basalt.kit.project.DataTrigger;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * One row on its way into a table, as a before hook sees it.
 *
 * @param triggers the before hooks to run, in order; each sees what the one before it made of the row
 * @param record the row to be written; null for a delete
 * @param oldRecord the row as it is; null for an insert
 */
public record HookCall(
        java.util.List<DataTrigger> triggers,
        DataTrigger.Operation operation,
        String schema,
        String table,
        @Nullable JsonObject record,
        @Nullable JsonObject oldRecord) {
    public HookCall {
        triggers = java.util.List.copyOf(triggers);
    }
}
