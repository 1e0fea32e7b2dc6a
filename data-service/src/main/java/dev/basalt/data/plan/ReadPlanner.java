package dev.basalt.data.plan;

import java.util.List;

/** Plans reads: a page of rows, or the rows that a write is about to change. */
final class ReadPlanner {
    private final Resource resource;
    private final RowsWriter rows;
    private final SqlPart source;
    private final SqlWriter sql;

    /** Over the rows of a table. */
    ReadPlanner(Resource resource, SqlPart table, PlanSettings settings) {
        this(new SqlWriter(), resource, table, new RowsWriter(resource, FieldWriter.of(resource), settings));
    }

    /**
     * Goes on with a statement.
     *
     * @param source what stands in {@code FROM}; its rows are the resource's
     */
    ReadPlanner(SqlWriter sql, Resource resource, SqlPart source, RowsWriter rows) {
        this.sql = sql;
        this.resource = resource;
        this.source = source;
        this.rows = rows;
    }

    Statement read(DataRequest.Read request) {
        return read(
                body -> ResultWriter.body(body, request.representation(), rows.outputNames()),
                request.counted(),
                request.page());
    }

    /** @param body writes the first of the values of {@link Statement}, over rows named {@code "_r"} */
    Statement read(SqlPart body, boolean counted, RowPage page) {
        sql.raw("SELECT ");
        body.write(sql);
        sql.raw(", count(*) AS rows");
        if (counted) {
            sql.raw(", (");
            count();
            sql.raw(") AS total");
        } else {
            sql.raw(", null::bigint AS total");
        }
        sql.raw(", null::text AS location, null::integer AS inserted");
        ResultWriter.settings(sql);
        sql.raw(" FROM (SELECT ");
        rows.items(sql);
        matching();
        rows.orderBy(sql);
        page.write(sql);
        sql.raw(") AS \"_r\"");
        return sql.finish(resource, List.of());
    }

    /** A row for each row of the page, its values by their places, as several may have the same name. */
    Statement lines(DataRequest.Lines request) {
        var values = rows.lineValues();
        sql.raw("SELECT ");
        for (int i = 0; i < values.size(); i++) {
            sql.raw(i == 0 ? "" : ", ");
            ResultWriter.lineValue(
                    sql, request.representation(), values.get(i).sent(), "\"_r\"." + RowsWriter.spreadName(i));
        }
        sql.raw(" FROM (SELECT ");
        rows.numberedItems(sql);
        matching();
        rows.orderBy(sql);
        request.page().write(sql);
        sql.raw(") AS \"_r\"");
        return sql.finishLines(resource, values);
    }

    /** A row for each matching row, or group of them, without its values. */
    Statement matchingRows() {
        if (rows.isAggregated()) {
            sql.raw("SELECT ");
            rows.items(sql);
            matching();
        } else {
            sql.raw("SELECT 1");
            from();
            rows.where(sql);
        }
        return sql.finish(resource, List.of());
    }

    /** How many rows there are without the page: groups when something is aggregated. */
    private void count() {
        sql.raw("SELECT count(*)");
        if (rows.isAggregated()) {
            sql.raw(" FROM (SELECT ");
            rows.items(sql);
            matching();
            sql.raw(") AS \"_c\"");
        } else {
            from();
            rows.where(sql);
        }
    }

    private void matching() {
        from();
        rows.joins(sql);
        rows.where(sql);
        rows.groupBy(sql);
    }

    private void from() {
        sql.raw(" FROM ");
        source.write(sql);
        sql.raw(" AS ").raw(resource.alias());
    }

    /** Every stored column of the matching rows, locked until the transaction ends. */
    Statement lock(DataRequest.Lock request) {
        request.page().requireOrder(resource);
        sql.raw("SELECT ");
        ResultWriter.body(sql, Representation.Standard.ARRAY, List.of());
        sql.raw(", count(*) AS rows, null::bigint AS total, null::text AS location, null::integer AS inserted");
        ResultWriter.settings(sql);
        sql.raw(" FROM (SELECT ");
        var fields = FieldWriter.of(resource);
        sql.list(", ", resource.table().columns(), column -> {
            // A payload must be able to take the value back.
            if (column.type().casts().fromJson() == null) {
                fields.write(sql, column);
            } else {
                fields.writeShown(sql, column);
            }
            sql.raw(" AS ").name(column.name());
        });
        from();
        rows.joins(sql);
        sql.where(rows.conditions());
        rows.orderBy(sql);
        request.page().write(sql);
        sql.raw(" FOR UPDATE OF " + SqlWriter.TARGET + ") AS \"_r\"");
        return sql.finish(resource, List.of());
    }
}
