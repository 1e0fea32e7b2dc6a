package dev.basalt.data.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table, view, materialised view, foreign table or partitioned table.
 *
 * @param oid by which PostgreSQL knows it
 * @param columns in their order in the table
 * @param computed functions of one argument, this table's row: they read as columns
 * @param primaryKey names of the key's columns in key order; of a view those that show the keys of its tables; empty
 *     without one
 * @param callsFunctions whether reading or writing it may call functions of the project's own, by a trigger, a policy or
 *     whatever else the catalog tells; a view always may
 */
public record Table(
        long oid,
        String schema,
        String name,
        Kind kind,
        List<Column> columns,
        List<Column> computed,
        List<String> primaryKey,
        boolean callsFunctions) {
    public Table {
        columns = List.copyOf(columns);
        computed = List.copyOf(computed);
        primaryKey = List.copyOf(primaryKey);
    }

    /** What kind of relation it is. */
    public enum Kind {
        TABLE,
        VIEW,
        MATERIALIZED_VIEW,
        FOREIGN_TABLE,
        PARTITIONED_TABLE;

        /** Whether its rows are those of a query. */
        public boolean isView() {
            return this == VIEW || this == MATERIALIZED_VIEW;
        }
    }

    /** The stored column of that name, or null. A scan: tables are short and plans are cached. */
    public @Nullable Column column(String columnName) {
        return find(columns, columnName);
    }

    /** The stored or computed column of that name, or null. */
    public @Nullable Column readable(String columnName) {
        var column = find(columns, columnName);
        return column == null ? find(computed, columnName) : column;
    }

    private static @Nullable Column find(List<Column> among, String columnName) {
        for (var column : among) {
            if (column.name().equals(columnName)) {
                return column;
            }
        }
        return null;
    }
}
