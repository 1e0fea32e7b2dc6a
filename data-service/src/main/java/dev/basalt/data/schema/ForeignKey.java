package dev.basalt.data.schema;

import java.util.List;

/**
 * A foreign key between two tables, exposed or not, which are named by their {@code oid}.
 *
 * @param unique whether its columns are a key of its own table too, so that it is one-to-one
 * @param inPrimaryKey whether its columns are part of its own table's primary key
 */
record ForeignKey(
        String name,
        long table,
        List<BaseColumn> columns,
        long target,
        List<BaseColumn> targetColumns,
        boolean unique,
        boolean inPrimaryKey) {
    ForeignKey {
        columns = List.copyOf(columns);
        targetColumns = List.copyOf(targetColumns);
    }

    /** A column of a table by its number, with its name. */
    record BaseColumn(int number, String name) {}
}
