package dev.basalt.data.plan;

import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.schema.Table;
import java.util.List;

/**
 * Whether a request is about a page of the matching rows only; the numbers are parameters.
 *
 * @param limited whether it has a limit
 * @param offset whether it has an offset
 */
public record RowPage(boolean limited, boolean offset) {
    /** All of the matching rows. */
    public static final RowPage WHOLE = new RowPage(false, false);

    boolean isWhole() {
        return !limited && !offset;
    }

    /** {@code LIMIT … OFFSET …} with a blank before it, or nothing. */
    void write(SqlWriter sql) {
        if (limited) {
            sql.raw(" LIMIT ").parameter(Statement.LIMIT, "pg_catalog.int8");
        }
        if (offset) {
            sql.raw(" OFFSET ").parameter(Statement.OFFSET, "pg_catalog.int8");
        }
    }

    /** A page of rows to write has to say which rows come first: {@code PGRST109}. */
    void requireOrder(Resource resource) {
        if (!isWhole() && resource.order().isEmpty()) {
            throw Refusal.of(
                    RestError.LIMIT_WITHOUT_ORDER,
                    RestError.LIMIT_WITHOUT_ORDER.title(),
                    null,
                    "Apply an 'order' using unique column(s)");
        }
    }

    /** What tells the rows of a page from the others: the primary key, or where the row is stored. */
    List<String> key(Table table) {
        if (!table.primaryKey().isEmpty()) {
            return table.primaryKey();
        }
        return switch (table.kind()) {
            case TABLE, PARTITIONED_TABLE -> List.of("tableoid", "ctid");
            case VIEW, MATERIALIZED_VIEW, FOREIGN_TABLE ->
                throw Refusal.withDetails(
                        RestError.NOT_IMPLEMENTED,
                        "A limit on updates or deletes of '" + table.name() + "' needs a primary key.");
        };
    }
}
