package dev.basalt.data.plan;

import dev.basalt.data.schema.Table;
import java.util.List;

/** Plans reads: a page of rows, or the rows that a write is about to change. */
final class ReadPlanner {
    private ReadPlanner() {}

    static Statement read(Table table, DataRequest.Read request) {
        var query = request.query();
        query.pages().forEach(page -> ConditionWriter.requireRoot(page.path()));
        var fields = FieldWriter.of(table);
        var select = new SelectWriter(table, fields, query);
        var conditions = new ConditionWriter(fields);
        var sql = new SqlWriter();
        sql.raw("SELECT ");
        ResultWriter.bodyAndRows(sql, request.representation(), select.outputNames());
        if (request.counted()) {
            sql.raw(", (SELECT count(*) FROM ")
                    .name(table.schema(), table.name())
                    .raw(" AS " + SqlWriter.TARGET);
            conditions.where(sql, query.where());
            sql.raw(") AS total");
        } else {
            sql.raw(", null::bigint AS total");
        }
        sql.raw(", null::text AS location, null::integer AS inserted");
        ResultWriter.settings(sql);
        sql.raw(" FROM (SELECT ");
        select.items(sql);
        sql.raw(" FROM ").name(table.schema(), table.name()).raw(" AS " + SqlWriter.TARGET);
        conditions.where(sql, query.where());
        select.groupBy(sql);
        select.orderBy(sql);
        if (request.limited()) {
            sql.raw(" LIMIT ").parameter(Statement.LIMIT, "pg_catalog.int8");
        }
        if (request.offset()) {
            sql.raw(" OFFSET ").parameter(Statement.OFFSET, "pg_catalog.int8");
        }
        sql.raw(") AS \"_r\"");
        return sql.finish(List.of());
    }

    /** A row for each matching row. */
    static Statement matching(Table table, DataRequest.Matching request) {
        var sql = new SqlWriter();
        sql.raw("SELECT 1 FROM ").name(table.schema(), table.name()).raw(" AS " + SqlWriter.TARGET);
        new ConditionWriter(FieldWriter.of(table)).where(sql, request.query().where());
        return sql.finish(List.of());
    }

    /** Every stored column of the matching rows, locked until the transaction ends. */
    static Statement lock(Table table, DataRequest.Lock request) {
        var sql = new SqlWriter();
        sql.raw("SELECT ");
        ResultWriter.bodyAndRows(sql, Representation.ARRAY, List.of());
        sql.raw(", null::bigint AS total, null::text AS location, null::integer AS inserted");
        ResultWriter.settings(sql);
        sql.raw(" FROM (SELECT " + SqlWriter.TARGET + ".* FROM ").name(table.schema(), table.name());
        sql.raw(" AS " + SqlWriter.TARGET);
        new ConditionWriter(FieldWriter.of(table)).where(sql, request.query().where());
        sql.raw(" FOR UPDATE) AS \"_r\"");
        return sql.finish(List.of());
    }
}
