package dev.basalt.data.plan;

import dev.basalt.data.plan.Representation.Standard;
import dev.basalt.data.query.Condition;
import dev.basalt.data.query.QueryShape;
import dev.basalt.data.query.SelectItem;
import dev.basalt.data.schema.Column;
import dev.basalt.data.schema.Routine;
import dev.basalt.data.schema.Routine.Parameter;
import dev.basalt.data.schema.Routine.Result;
import dev.basalt.data.schema.SchemaCache;
import dev.basalt.data.schema.Table;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Plans calls: the function runs once, and what it returns is filtered, ordered and paged like a table.
 *
 * <p>A JSON body comes as one parameter which PostgreSQL itself takes apart, so that numbers keep their precision.
 */
final class CallPlanner {
    /** How the single value of a row is named, in CSV too. */
    private static final String SCALAR = "pgrst_scalar";

    private static final String BODY = "\"_b\"";

    private final Routine routine;
    private final DataRequest.Call request;
    private final Resource resource;
    private final RowsWriter rows;
    private final SqlWriter sql = new SqlWriter();

    private CallPlanner(Routine routine, Resource resource, DataRequest.Call request, PlanSettings settings) {
        this.routine = routine;
        this.request = request;
        this.resource = resource;
        this.rows = new RowsWriter(resource, FieldWriter.ofReturned(resource), settings);
    }

    static Statement plan(SchemaCache schema, PlanSettings settings, DataRequest.Call request) {
        var routine = schema.routines(request.schema(), request.function()).get(request.overload());
        var table = switch (routine.result()) {
            case Result.Row(var returned) -> returned;
            case Result.Scalar(var type) ->
                single(routine, List.of(new Column(SCALAR, type, true, null, Column.Generation.WRITTEN)));
            case Result.Nothing() -> single(routine, List.of());
        };
        var resource = ResourceReader.read(schema, settings, table, request.query());
        return new CallPlanner(routine, resource, request, settings).plan();
    }

    private static Table single(Routine routine, List<Column> columns) {
        return new Table(0, routine.schema(), routine.name(), Table.Kind.VIEW, columns, List.of(), List.of(), true);
    }

    private Statement plan() {
        source();
        sql.raw(" ");
        return new ReadPlanner(sql, resource, from -> from.raw("\"_f\""), rows)
                .read(_ -> body(), request.counted(), new RowPage(request.limited(), request.offset()));
    }

    /** What the function returns, as rows named {@code "_f"}. */
    private void source() {
        if (!(routine.result() instanceof Result.Row)) {
            // Without MATERIALIZED a stable function would not run at all where its value is only counted.
            sql.raw("WITH \"_f\" AS MATERIALIZED (SELECT ");
            call();
            sql.raw(" AS ").name(SCALAR);
            arguments(" FROM ", "");
            sql.raw(")");
            return;
        }
        sql.raw("WITH \"_f\" AS (SELECT " + SqlWriter.TARGET + ".*");
        var table = resource.table();
        var fields = FieldWriter.of(resource);
        var mentioned = mentioned(request.query());
        for (var column : table.computed()) {
            // A function of the row needs the row as the function returns it.
            if (mentioned.contains(column.name()) && table.column(column.name()) == null) {
                sql.raw(", ");
                fields.write(sql, column);
                sql.raw(" AS ").name(column.name());
            }
        }
        if (ReturnedColumns.of(resource).row()) {
            sql.raw(", " + SqlWriter.TARGET + " AS ").name(FieldWriter.ROW);
        }
        sql.raw(" FROM ");
        arguments("", ", ");
        call();
        sql.raw(" AS " + SqlWriter.TARGET + ")");
    }

    private void call() {
        sql.name(routine.schema(), routine.name()).raw("(");
        switch (request.arguments()) {
            case Arguments.Named(var arguments) ->
                sql.list(", ", arguments, argument -> {
                    var parameter = parameter(argument.name());
                    assign(parameter);
                    sql.parameter(argument.value(), parameter.type().sqlName());
                });
            case Arguments.Members(var names) ->
                sql.list(", ", names, name -> {
                    assign(parameter(name));
                    sql.raw(BODY + ".").name(name);
                });
            case Arguments.Body() ->
                sql.parameter(
                        Statement.BODY, routine.parameters().getFirst().type().sqlName());
        }
        sql.raw(")");
    }

    private void assign(Parameter parameter) {
        sql.raw(parameter.variadic() ? "VARIADIC " : "").name(parameter.name()).raw(" := ");
    }

    /** The members of the body as a row of typed arguments, if the arguments are such. */
    private void arguments(String before, String after) {
        if (!(request.arguments() instanceof Arguments.Members(var names)) || names.isEmpty()) {
            return;
        }
        sql.raw(before + "json_to_record(").parameter(Statement.BODY, "pg_catalog.json");
        sql.raw(") AS " + BODY + "(")
                .list(
                        ", ",
                        names,
                        name -> sql.name(name)
                                .raw(" ")
                                .raw(parameter(name).type().sqlName()));
        sql.raw(")" + after);
    }

    private Parameter parameter(String name) {
        return routine.parameters().stream()
                .filter(parameter -> parameter.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void body() {
        boolean scalar = routine.result() instanceof Result.Scalar;
        switch (request.representation()) {
            case Standard standard -> body(standard, scalar);
            case Representation.Handled(var handler)
            when scalar -> {
                ResultWriter.handled(sql, handler, "\"_r\".\"" + SCALAR + "\"");
                sql.raw(" AS body");
            }
            case Representation.Handled _, Representation.GeoJson _ -> rows();
        }
    }

    private void body(Standard representation, boolean scalar) {
        switch (representation) {
            case NONE, LOCATION, CSV -> rows();
            case ARRAY -> {
                if (scalar || !routine.set()) {
                    json(scalar, routine.set(), false);
                } else {
                    rows();
                }
            }
            case ARRAY_NULLS_STRIPPED -> {
                if (scalar || !routine.set()) {
                    json(scalar, routine.set(), true);
                } else {
                    rows();
                }
            }
            case OBJECT -> json(scalar, false, false);
            case OBJECT_NULLS_STRIPPED -> json(scalar, false, true);
            case VALUE -> value();
        }
    }

    private void rows() {
        ResultWriter.body(sql, request.representation(), rows.outputNames());
    }

    private void json(boolean scalar, boolean array, boolean stripped) {
        var value = "\"_r\"" + (scalar ? ".\"" + SCALAR + "\"" : "");
        var json = array ? "json_agg(" + value + ")" : "to_json(" + value + ")";
        var text = (stripped ? "json_strip_nulls(" + json + ")" : json) + "::text";
        sql.raw("convert_to(coalesce(" + (array ? text : "string_agg(" + text + ", '')"));
        sql.raw(array ? ", '[]'), 'UTF8') AS body" : ", 'null'), 'UTF8') AS body");
    }

    private void value() {
        boolean bytes = routine.result() instanceof Result.Scalar(var type)
                && type.baseName().equals("pg_catalog.bytea");
        var value = "\"_r\".\"" + SCALAR + "\"";
        sql.raw(
                bytes
                        ? "coalesce(string_agg(" + value + ", ''), '') AS body"
                        : "convert_to(coalesce(string_agg(" + value + "::text, ''), ''), 'UTF8') AS body");
    }

    /** The names of the fields that a query mentions. */
    private static Set<String> mentioned(QueryShape query) {
        var names = new HashSet<String>();
        for (var item : query.select()) {
            if (item instanceof SelectItem.Value value) {
                names.add(value.field().name());
            }
        }
        query.where().forEach(where -> mentioned(where.condition(), names));
        query.order()
                .forEach(order ->
                        order.terms().forEach(term -> names.add(term.field().name())));
        return names;
    }

    private static void mentioned(Condition condition, Set<String> names) {
        switch (condition) {
            case Condition.Filter filter -> names.add(filter.field().name());
            case Condition.Group group -> group.members().forEach(member -> mentioned(member, names));
        }
    }
}
