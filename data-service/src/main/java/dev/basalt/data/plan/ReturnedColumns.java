package dev.basalt.data.plan;

import dev.basalt.data.query.OrderTerm;
import dev.basalt.data.schema.Column;
import dev.basalt.data.schema.Relationship;
import dev.basalt.data.schema.Relationship.ColumnPair;
import dev.basalt.data.schema.Table;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What a write has to hand over of its rows so that the answer can be built from them.
 *
 * @param row whether the row as a whole is needed too: functions take it
 */
record ReturnedColumns(Set<Column> columns, boolean row) {
    static final ReturnedColumns NONE = new ReturnedColumns(Set.of(), false);

    static ReturnedColumns of(Resource resource) {
        var table = resource.table();
        var fields = FieldWriter.of(resource);
        var columns = new LinkedHashSet<Column>();
        boolean row = false;
        for (var item : resource.items()) {
            switch (item) {
                case Resource.Star _ -> columns.addAll(table.columns());
                case Resource.Value value -> {
                    if (!value.isRowCount()) {
                        columns.add(fields.column(value.value().field()));
                    }
                }
                case Resource.Embedded embedded -> {
                    switch (embedded.relationship()) {
                        case Relationship.ByKey key -> add(columns, table, key.columns());
                        case Relationship.ThroughJunction through -> add(columns, table, through.originColumns());
                        case Relationship.Computed _ -> row = true;
                    }
                }
            }
        }
        for (OrderTerm term : resource.order()) {
            if (term.relation() == null) {
                columns.add(fields.column(term.field()));
            }
        }
        return new ReturnedColumns(columns, row);
    }

    private static void add(Set<Column> columns, Table table, List<ColumnPair> pairs) {
        pairs.forEach(pair -> columns.add(Objects.requireNonNull(table.column(pair.from()))));
    }
}
