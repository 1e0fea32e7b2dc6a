package dev.basalt.data.plan;

import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.schema.SchemaCache;
import dev.basalt.data.schema.Table;

/**
 * Makes the statement of a request.
 *
 * <p>Refuses, in this order: an unknown table ({@code PGRST205}), an unknown column of the body ({@code PGRST204}), of the
 * query ({@code 42703}), a resource that is not embedded ({@code PGRST108}). Stateless.
 */
public final class Planner {
    private Planner() {}

    public static Statement plan(SchemaCache schema, DataRequest request) {
        return switch (request) {
            case DataRequest.Call call -> CallPlanner.plan(schema, call);
            case DataRequest.Read read -> ReadPlanner.read(table(schema, request), read);
            case DataRequest.Matching matching -> ReadPlanner.matching(table(schema, request), matching);
            case DataRequest.Lock lock -> ReadPlanner.lock(table(schema, request), lock);
            case DataRequest.Insert insert -> writer(schema, request).insert(insert);
            case DataRequest.Update update -> writer(schema, request).update(update);
            case DataRequest.Replace replace -> writer(schema, request).replace(replace);
            case DataRequest.Delete _ -> writer(schema, request).delete();
            case DataRequest.Remove _ -> writer(schema, request).remove();
        };
    }

    private static WritePlanner writer(SchemaCache schema, DataRequest request) {
        return new WritePlanner(table(schema, request), request.query(), request.representation());
    }

    private static Table table(SchemaCache schema, DataRequest request) {
        return table(schema, request.schema(), request.table());
    }

    /** The table of that name; {@code PGRST205} with the name that is most like it when there is none. */
    public static Table table(SchemaCache schema, String schemaName, String name) {
        var table = schema.table(schemaName, name);
        if (table == null) {
            var similar = schema.similarTable(schemaName, name);
            throw Refusal.of(
                    RestError.UNKNOWN_TABLE,
                    "Could not find the table '" + schemaName + "." + name + "' in the schema cache",
                    null,
                    similar == null ? null : "Perhaps you meant the table '" + schemaName + "." + similar + "'");
        }
        return table;
    }
}
