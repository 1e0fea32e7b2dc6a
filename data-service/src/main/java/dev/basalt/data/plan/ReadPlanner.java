package dev.basalt.data.plan;

import java.util.List;

/** Plans reads: a page of rows, or the rows that a write is about to change. */
final class ReadPlanner {
    private final Resource resource;
    private final RowsWriter rows;
    private final SqlPart source;
    private final SqlWriter sql = new SqlWriter();

    /** @param source what stands in {@code FROM}; its rows are the resource's */
    ReadPlanner(Resource resource, SqlPart source, PlanSettings settings) {
        this.resource = resource;
        this.rows = new RowsWriter(resource, FieldWriter.of(resource), settings);
        this.source = source;
    }

    Statement read(DataRequest.Read request) {
        sql.raw("SELECT ");
        ResultWriter.body(sql, request.representation(), rows.outputNames());
        sql.raw(", count(*) AS rows");
        if (request.counted()) {
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
        request.page().write(sql);
        sql.raw(") AS \"_r\"");
        return sql.finish(List.of());
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
        ResultWriter.body(sql, Representation.ARRAY, List.of());
        sql.raw(", count(*) AS rows, null::bigint AS total, null::text AS location, null::integer AS inserted");
        ResultWriter.settings(sql);
        sql.raw(" FROM (SELECT " + SqlWriter.TARGET + ".*");
        from();
        rows.joins(sql);
        sql.where(rows.conditions());
        rows.orderBy(sql);
        request.page().write(sql);
        sql.raw(" FOR UPDATE OF " + SqlWriter.TARGET + ") AS \"_r\"");
        return sql.finish(List.of());
    }
}
