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
        return switch (request) {
            case DataRequest.Call call -> CallPlanner.plan(schema, settings, call);
            case DataRequest.Read read -> reader(schema, settings, read).read(read);
            case DataRequest.Lines lines -> reader(schema, settings, lines).lines(lines);
            case DataRequest.Matching matching ->
                reader(schema, settings, matching).matchingRows();
            case DataRequest.Lock lock -> reader(schema, settings, lock).lock(lock);
            case DataRequest.Insert insert -> writer(schema, settings, insert).insert(insert);
            case DataRequest.Update update -> writer(schema, settings, update).update(update);
            case DataRequest.Replace replace ->
                writer(schema, settings, replace).replace(replace);
            case DataRequest.Delete delete -> writer(schema, settings, delete).delete(delete);
            case DataRequest.Remove remove -> writer(schema, settings, remove).remove();
        };
    }

    private static ReadPlanner reader(SchemaCache schema, PlanSettings settings, DataRequest request) {
        var table = table(schema, request);
        var resource = ResourceReader.read(schema, settings, table, request.query());
        return new ReadPlanner(resource, sql -> sql.name(table.schema(), table.name()), settings);
    }

    private static WritePlanner writer(SchemaCache schema, PlanSettings settings, DataRequest request) {
        var resource = ResourceReader.read(schema, settings, table(schema, request), request.query());
        return new WritePlanner(resource, request.query(), request.representation(), settings);
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
