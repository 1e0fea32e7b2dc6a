package dev.basalt.data.plan;

import dev.basalt.data.plan.Resource.Embedded;
import dev.basalt.data.query.Field;
import dev.basalt.data.schema.Relationship;
import dev.basalt.data.schema.Relationship.ColumnPair;
import java.util.ArrayList;
import java.util.List;

/** The rows of an embedded resource that are related to one row of the resource it is embedded in, as SQL. */
final class RelatedRows {
    private final Embedded embedded;
    private final Resource resource;
    private final FieldWriter origin;
    private final FieldWriter fields;
    private final PlanSettings settings;
    private final RowsWriter rows;

    RelatedRows(Embedded embedded, FieldWriter origin, PlanSettings settings) {
        this.embedded = embedded;
        this.resource = embedded.resource();
        this.origin = origin;
        this.fields = FieldWriter.of(resource);
        this.settings = settings;
        this.rows = new RowsWriter(resource, fields, settings);
    }

    Embedded embedded() {
        return embedded;
    }

    /** An object, or an array of objects. */
    void writeValue(SqlWriter sql) {
        var row = resource.alias("e");
        sql.raw(embedded.relationship().toOne() ? "(SELECT row_to_json(" + row : "(SELECT coalesce(json_agg(" + row);
        sql.raw(embedded.relationship().toOne() ? ") FROM (SELECT " : "), '[]') FROM (SELECT ");
        rows.items(sql);
        writeRows(sql);
        sql.raw(") AS " + row + ")");
    }

    /** The columns that a spread adds, as {@link #writeJoin} calls them. */
    List<OutputColumn> spreadColumns() {
        var columns = new ArrayList<OutputColumn>();
        for (var column : rows.columns()) {
            var reference = resource.alias("s") + "." + RowsWriter.spreadName(columns.size());
            columns.add(
                    embedded.isSpreadToMany()
                            ? OutputColumn.json(column.name(), sql -> sql.raw(reference))
                            : column.at(sql -> sql.raw(reference)));
        }
        return columns;
    }

    /** The join that a spread needs: the related row's values, or one array for each value of the related rows. */
    void writeJoin(SqlWriter sql) {
        sql.raw(" LEFT JOIN LATERAL (SELECT ");
        if (embedded.isSpreadToMany()) {
            var row = resource.alias("e");
            for (int i = 0; i < rows.columns().size(); i++) {
                var name = RowsWriter.spreadName(i);
                sql.raw(i == 0 ? "" : ", ").raw("coalesce(json_agg(" + row + "." + name + "), '[]') AS " + name);
            }
            sql.raw(" FROM (SELECT ");
            rows.spreadItems(sql);
            writeRows(sql);
            sql.raw(") AS " + row);
        } else {
            rows.spreadItems(sql);
            writeRows(sql);
        }
        sql.raw(") AS " + resource.alias("s") + " ON true");
    }

    /** The join that an order by a field of the related row needs. */
    void writeOrderJoin(SqlWriter sql, Field field, String alias) {
        sql.raw(" LEFT JOIN LATERAL (SELECT ");
        fields.writeComparable(sql, field);
        sql.raw(" AS " + RowsWriter.spreadName(0));
        writeMatching(sql);
        writeOnlyOne(sql);
        sql.raw(") AS " + alias + " ON true");
    }

    /** Whether there are any. */
    void writeExists(SqlWriter sql) {
        sql.raw("EXISTS (SELECT 1");
        writeMatching(sql);
        if (resource.page() != null) {
            writePage(sql);
        }
        sql.raw(")");
    }

    private void writeRows(SqlWriter sql) {
        writeFrom(sql);
        rows.joins(sql);
        rows.where(sql, matching());
        if (!embedded.spread()) {
            rows.groupBy(sql);
        }
        rows.orderBy(sql);
        if (embedded.relationship().toOne()) {
            writeOnlyOne(sql);
        } else {
            writePage(sql);
        }
    }

    private void writeMatching(SqlWriter sql) {
        writeFrom(sql);
        rows.where(sql, matching());
    }

    private void writeFrom(SqlWriter sql) {
        var table = resource.table();
        sql.raw(" FROM ");
        switch (embedded.relationship()) {
            case Relationship.ByKey _ ->
                sql.name(table.schema(), table.name()).raw(" AS ").raw(resource.alias());
            case Relationship.ThroughJunction through -> {
                sql.name(through.junction().schema(), through.junction().name())
                        .raw(" AS " + junction() + " JOIN ")
                        .name(table.schema(), table.name())
                        .raw(" AS " + resource.alias() + " ON ");
                sql.list(" AND ", through.targetColumns(), pair -> {
                    fields.reference(sql, pair.to());
                    sql.raw(" = " + junction() + ".").name(pair.from());
                });
            }
            case Relationship.Computed computed -> {
                sql.raw(computed.function()).raw("(");
                origin.row(sql);
                sql.raw(") AS ").raw(resource.alias());
            }
        }
    }

    private String junction() {
        return resource.alias("j");
    }

    private List<SqlPart> matching() {
        return switch (embedded.relationship()) {
            case Relationship.ByKey key -> matching(key.columns(), resource.alias());
            case Relationship.ThroughJunction through -> matching(through.originColumns(), junction());
            case Relationship.Computed _ -> List.of();
        };
    }

    private List<SqlPart> matching(List<ColumnPair> pairs, String alias) {
        return pairs.stream()
                .map(pair -> (SqlPart) sql -> {
                    sql.raw(alias).raw(".").name(pair.to()).raw(" = ");
                    origin.reference(sql, pair.from());
                })
                .toList();
    }

    /** A view or a function may have more rows than it should; a subquery for one value must not. */
    private void writeOnlyOne(SqlWriter sql) {
        if (!embedded.relationship().certain()) {
            sql.raw(" LIMIT 1");
        }
    }

    private void writePage(SqlWriter sql) {
        var page = resource.page();
        int limit = page == null ? -1 : page.limit();
        if (limit >= 0 && settings.maxRows() > 0) {
            sql.raw(" LIMIT least(").parameter(limit, "pg_catalog.int8").raw(", " + settings.maxRows() + ")");
        } else if (limit >= 0) {
            sql.raw(" LIMIT ").parameter(limit, "pg_catalog.int8");
        } else if (settings.maxRows() > 0) {
            sql.raw(" LIMIT " + settings.maxRows());
        }
        if (page != null && page.offset() >= 0) {
            sql.raw(" OFFSET ").parameter(page.offset(), "pg_catalog.int8");
        }
    }
}
