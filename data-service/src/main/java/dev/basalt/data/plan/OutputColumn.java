package dev.basalt.data.plan;

import dev.basalt.data.query.SelectItem.Aggregate;
import dev.basalt.data.schema.PgType;
import dev.basalt.data.schema.PgType.Family;
import org.jspecify.annotations.Nullable;

/**
 * A returned value as SQL.
 *
 * @param name what it is called in the answer
 * @param expression the value, or what is aggregated
 * @param type of the value as it is shown, or null: another one, or not known
 * @param json whether it is of the type {@code json}, which can't be compared, hence not grouped by
 * @param countsRows whether the aggregate counts rows, whatever their values
 * @param groupedBy what is grouped by instead of the value, or null
 * @param aggregateCast the type of the aggregate as SQL, or null for its own
 */
record OutputColumn(
        String name,
        SqlPart expression,
        @Nullable PgType type,
        boolean json,
        boolean countsRows,
        @Nullable SqlPart groupedBy,
        @Nullable Aggregate aggregate,
        @Nullable String aggregateCast) {
    /** A value as it is. */
    static OutputColumn plain(String name, SqlPart expression, PgType type) {
        return new OutputColumn(name, expression, type, type.family() == Family.JSON, false, null, null, null);
    }

    /** A value that the statement makes {@code json} of. */
    static OutputColumn json(String name, SqlPart expression) {
        return new OutputColumn(name, expression, null, true, false, null, null, null);
    }

    /** A value that is shown as {@code json} by its domain, and grouped by as it is. */
    static OutputColumn shown(String name, SqlPart expression, SqlPart value) {
        return new OutputColumn(name, expression, null, true, false, value, null, null);
    }

    /** The value of a group of rows if {@code grouped}, else of a row. */
    void write(SqlWriter sql, boolean grouped) {
        if (aggregate == null) {
            writeValue(sql, grouped);
            return;
        }
        sql.raw(aggregateCast == null ? "" : "CAST(");
        sql.raw(function(aggregate)).raw("(");
        if (countsRows) {
            sql.raw("*");
        } else {
            expression.write(sql);
        }
        sql.raw(")");
        sql.raw(aggregateCast == null ? "" : " AS " + aggregateCast + ")");
    }

    /** What the resource that this one is spread into has to aggregate. */
    void writeUnaggregated(SqlWriter sql) {
        if (countsRows) {
            sql.raw("1");
        } else {
            expression.write(sql);
        }
    }

    /** The same value where it is called {@code reference}: in the resource that its own is spread into. */
    OutputColumn at(SqlPart reference) {
        return new OutputColumn(name, reference, type, json, false, null, aggregate, aggregateCast);
    }

    private void writeValue(SqlWriter sql, boolean grouped) {
        if (grouped && json && groupedBy == null) {
            sql.raw("(");
            expression.write(sql);
            sql.raw(")::pg_catalog.jsonb");
        } else {
            expression.write(sql);
        }
    }

    static String function(Aggregate aggregate) {
        return switch (aggregate) {
            case SUM -> "sum";
            case AVG -> "avg";
            case COUNT -> "count";
            case MAX -> "max";
            case MIN -> "min";
        };
    }
}
