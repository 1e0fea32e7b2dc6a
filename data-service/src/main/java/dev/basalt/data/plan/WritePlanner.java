package dev.basalt.data.plan;

import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.query.Condition;
import dev.basalt.data.query.QueryShape;
import dev.basalt.data.schema.Column;
import dev.basalt.data.schema.Table;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Plans writes: one statement that changes rows, returns what was asked for and counts.
 *
 * <p>The rows come as one JSON parameter which PostgreSQL itself takes apart, so that numbers keep their precision and a
 * bulk insert is one statement of constant text.
 */
final class WritePlanner {
    private static final String BODY = "\"_b\"";
    private static final String INSERTED = "set_config('basalt.inserted', "
            + "(coalesce(nullif(current_setting('basalt.inserted', true), '')::integer, 0) %s 1)::text, true) <> ''";

    private final Table table;
    private final Resource resource;
    private final QueryShape query;
    private final Representation representation;
    private final FieldWriter fields;
    private final RowsWriter returned;
    private final RowsWriter target;
    private final SqlWriter sql = new SqlWriter();

    WritePlanner(Resource resource, QueryShape query, Representation representation, PlanSettings settings) {
        this.table = resource.table();
        this.resource = resource;
        this.query = query;
        this.representation = representation;
        this.fields = FieldWriter.of(resource);
        this.returned = new RowsWriter(resource, FieldWriter.ofReturned(resource), settings);
        this.target = new RowsWriter(resource, fields, settings);
    }

    Statement insert(DataRequest.Insert request) {
        boolean replaces = request.conflict() == DataRequest.Conflict.REPLACE;
        boolean merges = replaces || request.conflict() == DataRequest.Conflict.MERGE;
        var conflictColumns = switch (request.conflict()) {
            case FAIL -> List.<String>of();
            case REPLACE -> PutKey.require(table, resource.where());
            case MERGE, IGNORE -> conflictColumns();
        };
        var columns = columns(request.payload());
        boolean counts = merges && !conflictColumns.isEmpty() && !columns.isEmpty();
        sql.raw("WITH \"_m\" AS (INSERT INTO ")
                .name(table.schema(), table.name())
                .raw(" AS " + SqlWriter.TARGET);
        if (!columns.isEmpty()) {
            sql.raw(" (").list(", ", columns, column -> sql.name(column.name())).raw(")");
        }
        sql.raw(" SELECT ");
        sql.list(", ", columns, column -> value(column, request.missingAsDefault()));
        from(columns, request.payload(), request.missingAsDefault());
        if (replaces) {
            // In this order, so that a row that is not the named one is not counted.
            sql.raw(" WHERE CASE WHEN ").list(" AND ", resource.where(), this::bodyMatches);
            sql.raw(" THEN " + (counts ? INSERTED.formatted("+") : "true") + " ELSE false END");
        } else if (counts) {
            sql.raw(" WHERE " + INSERTED.formatted("+"));
        }
        if (!conflictColumns.isEmpty()) {
            sql.raw(" ON CONFLICT (").list(", ", conflictColumns, sql::name).raw(") DO ");
            if (merges && !columns.isEmpty()) {
                sql.raw("UPDATE SET ");
                sql.list(
                        ", ",
                        columns,
                        column -> sql.name(column.name()).raw(" = EXCLUDED.").name(column.name()));
                sql.raw(" WHERE " + INSERTED.formatted("-"));
            } else {
                sql.raw("NOTHING");
            }
        }
        return finish(counts);
    }

    /** {@code key=eq.value}, of the body's row instead of the table's. */
    private void bodyMatches(Condition condition) {
        var key = column(PutKey.column(condition));
        body(key);
        sql.raw(" = ");
        ConditionWriter.value(sql, key.type(), PutKey.value(condition));
    }

    Statement update(DataRequest.Update request) {
        var columns = columns(request.payload());
        if (columns.isEmpty()) {
            sql.raw("WITH \"_m\" AS (SELECT ");
            returnedColumns();
            sql.raw(" FROM ").name(table.schema(), table.name());
            sql.raw(" AS " + SqlWriter.TARGET + " WHERE false");
            return result(false);
        }
        startUpdate(columns, column -> value(column, request.missingAsDefault()));
        from(columns, request.payload(), request.missingAsDefault());
        where(request.page());
        return finish(false);
    }

    /** Rows named by their primary key in the payload itself. */
    Statement replace(DataRequest.Replace request) {
        var columns = columns(request.payload());
        var changed = columns.stream()
                .filter(column -> !table.primaryKey().contains(column.name())
                        && column.generation() != Column.Generation.GENERATED
                        && column.generation() != Column.Generation.IDENTITY_ALWAYS)
                .toList();
        startUpdate(changed, column -> value(column, false));
        from(columns, request.payload(), false);
        whereKeysMatch();
        return finish(false);
    }

    Statement delete(DataRequest.Delete request) {
        sql.raw("WITH \"_m\" AS (DELETE FROM ")
                .name(table.schema(), table.name())
                .raw(" AS " + SqlWriter.TARGET);
        where(request.page());
        return finish(false);
    }

    /** Rows named by their primary key in the payload. */
    Statement remove() {
        var keys = table.primaryKey().stream().map(this::column).toList();
        sql.raw("WITH \"_m\" AS (DELETE FROM ")
                .name(table.schema(), table.name())
                .raw(" AS " + SqlWriter.TARGET);
        sql.raw(" USING json_to_recordset(")
                .parameter(Statement.BODY, "pg_catalog.json")
                .raw(")");
        typedColumns(keys);
        whereKeysMatch();
        return finish(false);
    }

    /** The matching rows, or a page of them, which is found by key: PostgreSQL knows no limit here. */
    private void where(RowPage page) {
        if (page.isWhole()) {
            sql.where(target.conditions());
            return;
        }
        page.requireOrder(resource);
        var key = page.key(table);
        sql.raw(" WHERE (").list(", ", key, sql::target).raw(") IN (SELECT ");
        sql.list(", ", key, sql::target).raw(" FROM ").name(table.schema(), table.name());
        sql.raw(" AS " + SqlWriter.TARGET);
        target.joins(sql);
        sql.where(target.conditions());
        target.orderBy(sql);
        page.write(sql);
        sql.raw(")");
    }

    private void whereKeysMatch() {
        sql.raw(" WHERE ").list(" AND ", table.primaryKey(), key -> {
            sql.target(key).raw(" = ");
            body(column(key));
        });
    }

    private void typedColumns(List<Column> columns) {
        sql.raw(" AS " + BODY + "(")
                .list(
                        ", ",
                        columns,
                        column -> sql.name(column.name())
                                .raw(" ")
                                .raw(
                                        column.type().casts().fromJson() == null
                                                ? column.type().sqlName()
                                                : "pg_catalog.json"));
        sql.raw(")");
    }

    /** A column of the payload's row: read as its domain says, else as PostgreSQL does. */
    private void body(Column column) {
        var read = column.type().casts().fromJson();
        sql.raw(read == null ? "" : read + "(")
                .raw(BODY + ".")
                .name(column.name())
                .raw(read == null ? "" : ")");
    }

    private void startUpdate(List<Column> columns, SqlWriter.Item<Column> value) {
        sql.raw("WITH \"_m\" AS (UPDATE ").name(table.schema(), table.name()).raw(" AS " + SqlWriter.TARGET + " SET ");
        sql.list(", ", columns, column -> {
            sql.name(column.name()).raw(" = ");
            value.write(column);
        });
    }

    /** The columns to write: {@code columns=} if given, else the payload's keys. */
    private List<Column> columns(Payload payload) {
        var named = query.columns();
        var columns = new ArrayList<Column>();
        for (var name : new LinkedHashSet<>(named == null ? payload.keys() : named)) {
            columns.add(column(name));
        }
        return columns;
    }

    private Column column(String name) {
        var column = table.column(name);
        if (column == null) {
            throw Refusal.of(
                    RestError.UNKNOWN_COLUMN,
                    "Could not find the '" + name + "' column of '" + table.name() + "' in the schema cache",
                    null,
                    null);
        }
        return column;
    }

    private List<String> conflictColumns() {
        var named = query.onConflict();
        if (named == null) {
            return table.primaryKey();
        }
        named.forEach(this::column);
        return named;
    }

    private void value(Column column, boolean missingAsDefault) {
        var defaultExpression = column.expression();
        if (missingAsDefault && defaultExpression != null) {
            sql.raw("CASE WHEN \"_e\".\"v\" -> ").literal(column.name()).raw(" IS NULL THEN (");
            sql.raw(defaultExpression).raw(") ELSE ");
            body(column);
            sql.raw(" END");
        } else {
            body(column);
        }
    }

    /** The payload as rows named {@code "_b"} with typed columns. */
    private void from(List<Column> columns, Payload payload, boolean missingAsDefault) {
        sql.raw(" FROM ");
        if (columns.isEmpty()) {
            if (payload.array()) {
                sql.raw("json_array_elements(")
                        .parameter(Statement.BODY, "pg_catalog.json")
                        .raw(") AS " + BODY);
            } else {
                sql.raw("(VALUES (1)) AS " + BODY);
            }
            return;
        }
        if (missingAsDefault) {
            if (payload.array()) {
                sql.raw("json_array_elements(")
                        .parameter(Statement.BODY, "pg_catalog.json")
                        .raw(")");
            } else {
                sql.raw("(SELECT ").parameter(Statement.BODY, "pg_catalog.json").raw(")");
            }
            sql.raw(" AS \"_e\"(\"v\"), json_to_record(\"_e\".\"v\")");
        } else {
            sql.raw(payload.array() ? "json_to_recordset(" : "json_to_record(");
            sql.parameter(Statement.BODY, "pg_catalog.json").raw(")");
        }
        typedColumns(columns);
    }

    /** {@code RETURNING} and the outer select. */
    private Statement finish(boolean countsInserted) {
        sql.raw(" RETURNING ");
        returnedColumns();
        return result(countsInserted);
    }

    /** What the answer is made of, as columns of the rows that were written. */
    private void returnedColumns() {
        var needed = representation.hasBody() ? ReturnedColumns.of(resource) : ReturnedColumns.NONE;
        var columns = new LinkedHashSet<>(needed.columns());
        if (representation == Representation.Standard.LOCATION) {
            table.primaryKey().forEach(key -> columns.add(column(key)));
        }
        sql.list(", ", columns, column -> {
            fields.write(sql, column);
            sql.raw(" AS ").name(column.name());
        });
        if (needed.row()) {
            sql.raw(columns.isEmpty() ? "" : ", ")
                    .raw(SqlWriter.TARGET + " AS ")
                    .name(FieldWriter.ROW);
        } else if (columns.isEmpty()) {
            sql.raw("1 AS \"_one\"");
        }
    }

    /** How many rows were written. The answer may show fewer of them, as an {@code !inner} filters it. */
    private String rows() {
        if (!representation.hasBody() || (returned.existences().isEmpty() && !returned.isAggregated())) {
            return "count(*)";
        }
        var written = "(SELECT count(*) FROM \"_m\")";
        return representation.isSingular() ? "CASE WHEN count(*) = 1 THEN " + written + " ELSE count(*) END" : written;
    }

    /** A key's value as a filter would have it. */
    private void location(String key) {
        var show = column(key).type().casts().toJson();
        sql.raw(show == null ? "" : "(" + show + "(").raw("\"_r\".").name(key);
        sql.raw(show == null ? "::text" : ") #>> '{}')");
    }

    private Statement result(boolean countsInserted) {
        boolean located = representation == Representation.Standard.LOCATION
                && !table.primaryKey().isEmpty();
        sql.raw(") SELECT ");
        ResultWriter.body(sql, representation, representation.hasBody() ? returned.outputNames() : List.of());
        sql.raw(", ").raw(rows()).raw(" AS rows, null::bigint AS total");
        if (located) {
            sql.raw(", CASE WHEN count(*) = 1 THEN min(json_build_array(");
            sql.list(", ", table.primaryKey(), this::location);
            sql.raw(")::text) END AS location");
        } else {
            sql.raw(", null::text AS location");
        }
        sql.raw(countsInserted ? ", nullif(current_setting('basalt.inserted', true), '')::integer" : ", null::integer");
        sql.raw(" AS inserted");
        ResultWriter.settings(sql);
        if (representation.hasBody()) {
            sql.raw(" FROM (SELECT ");
            returned.items(sql);
            sql.raw(" FROM \"_m\" AS " + SqlWriter.TARGET);
            returned.joins(sql);
            sql.where(returned.existences());
            returned.groupBy(sql);
            returned.orderBy(sql);
            sql.raw(") AS \"_r\"");
        } else {
            sql.raw(" FROM \"_m\" AS \"_r\"");
        }
        return sql.finish(resource, located ? table.primaryKey() : List.of());
    }
}
