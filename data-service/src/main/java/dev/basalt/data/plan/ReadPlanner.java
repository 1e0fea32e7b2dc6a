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
        ResultWriter.bodyAndRows(sql, request.representation(), rows.outputNames());
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
        if (request.limited()) {
            sql.raw(" LIMIT ").parameter(Statement.LIMIT, "pg_catalog.int8");
        }
        if (request.offset()) {
            sql.raw(" OFFSET ").parameter(Statement.OFFSET, "pg_catalog.int8");
        }
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
    Statement lock() {
        sql.raw("SELECT ");
        ResultWriter.bodyAndRows(sql, Representation.ARRAY, List.of());
        sql.raw(", null::bigint AS total, null::text AS location, null::integer AS inserted");
        ResultWriter.settings(sql);
        sql.raw(" FROM (SELECT " + SqlWriter.TARGET + ".*");
        from();
        sql.where(rows.conditions());
        sql.raw(" FOR UPDATE) AS \"_r\"");
        return sql.finish(List.of());
    }
}
