package dev.basalt.data.plan;

import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.schema.SchemaCache;
import dev.basalt.data.schema.Table;

/**
 * Makes the statement of a request.
 *
 * <p>Refuses, in this order: an unknown table ({@code PGRST205}); relations and what names them, as {@link ResourceReader}
 * says; an unknown column of the select list ({@code 42703}), an impossible related order ({@code PGRST118}), an unknown
 * column of the body ({@code PGRST204}), of filters and order ({@code 42703}), a filter that an embedded resource can't
 * have ({@code PGRST120}). Stateless.
 */
public final class Planner {
    private Planner() {}

    public static Statement plan(SchemaCache schema, PlanSettings settings, DataRequest request) {
        var table = table(schema, request);
        var resource = ResourceReader.read(schema, settings, table, request.query());
        SqlPart source = sql -> sql.name(table.schema(), table.name());
        return switch (request) {
            case DataRequest.Read read -> new ReadPlanner(resource, source, settings).read(read);
            case DataRequest.Lock lock -> new ReadPlanner(resource, source, settings).lock(lock);
            case DataRequest.Insert insert ->
                writer(resource, request, settings).insert(insert);
            case DataRequest.Update update ->
                writer(resource, request, settings).update(update);
            case DataRequest.Replace replace ->
                writer(resource, request, settings).replace(replace);
            case DataRequest.Delete delete ->
                writer(resource, request, settings).delete(delete);
            case DataRequest.Remove _ -> writer(resource, request, settings).remove();
        };
    }

    private static WritePlanner writer(Resource resource, DataRequest request, PlanSettings settings) {
        return new WritePlanner(resource, request.query(), request.representation(), settings);
    }

    private static Table table(SchemaCache schema, DataRequest request) {
        var table = schema.table(request.schema(), request.table());
        if (table == null) {
            var similar = schema.similarTable(request.schema(), request.table());
            throw Refusal.of(
                    RestError.UNKNOWN_TABLE,
                    "Could not find the table '" + request.schema() + "." + request.table() + "' in the schema cache",
                    null,
                    similar == null ? null : "Perhaps you meant the table '" + request.schema() + "." + similar + "'");
        }
        return table;
    }
}
