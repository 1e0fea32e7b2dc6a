package dev.basalt.data.plan;

import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.query.Field;
import dev.basalt.data.query.JsonStep;
import dev.basalt.data.schema.Column;
import dev.basalt.data.schema.DomainCasts;
import dev.basalt.data.schema.PgType;
import dev.basalt.data.schema.PgType.Family;
import dev.basalt.data.schema.Similarity;
import dev.basalt.data.schema.Table;
import java.util.stream.Stream;

/** Fields of one table as SQL expressions over its row. Immutable. */
final class FieldWriter {
    static final PgType TEXT =
            new PgType("text", "pg_catalog.text", "pg_catalog.text", "pg_catalog._text", Family.TEXT, DomainCasts.NONE);
    private static final PgType JSONB = new PgType(
            "jsonb", "pg_catalog.jsonb", "pg_catalog.jsonb", "pg_catalog._jsonb", Family.JSONB, DomainCasts.NONE);

    /** The column of a returned row that holds the whole of it. */
    static final String ROW = "_row";

    private final Table table;
    private final String alias;
    private final boolean returned;

    private FieldWriter(Table table, String alias, boolean returned) {
        this.table = table;
        this.alias = alias;
        this.returned = returned;
    }

    /** Over the rows of a resource. */
    static FieldWriter of(Resource resource) {
        return new FieldWriter(resource.table(), resource.alias(), false);
    }

    /** Over the rows that a write returned, where computed columns are columns already. */
    static FieldWriter ofReturned(Resource resource) {
        return new FieldWriter(resource.table(), resource.alias(), true);
    }

    /** The whole row, as a value of the table's type. */
    void row(SqlWriter sql) {
        sql.raw(alias);
        if (returned) {
            sql.raw(".").name(ROW);
        }
    }

    /** A stored column. */
    void reference(SqlWriter sql, String column) {
        sql.raw(alias).raw(".").name(column);
    }

    /** The column a field starts from; {@code 42703} when there is none, as PostgreSQL would say it. */
    Column column(Field field) {
        var column = table.readable(field.name());
        if (column == null) {
            var names = Stream.concat(table.columns().stream(), table.computed().stream())
                    .map(Column::name)
                    .toList();
            var similar = Similarity.closest(field.name(), names);
            throw Refusal.of(
                    RestError.UNDEFINED_COLUMN,
                    "column " + table.name() + "." + field.name() + " does not exist",
                    null,
                    similar == null
                            ? null
                            : "Perhaps you meant to reference the column \"" + table.name() + "." + similar + "\".");
        }
        return column;
    }

    /** Whether there is the column a field starts from. */
    boolean knows(Field field) {
        return table.readable(field.name()) != null;
    }

    /** The type of what {@link #write} writes. */
    PgType type(Field field) {
        var column = column(field);
        if (field.path().isEmpty()) {
            return column.type();
        }
        return field.isText() ? TEXT : JSONB;
    }

    /** The expression. JSON keys are quoted constants, so that an index on such an expression serves it. */
    void write(SqlWriter sql, Field field) {
        var column = column(field);
        if (field.path().isEmpty()) {
            write(sql, column);
            return;
        }
        var family = column.type().family();
        sql.raw("(");
        if (family == Family.JSON || family == Family.JSONB) {
            write(sql, column);
        } else {
            sql.raw("to_jsonb(");
            write(sql, column);
            sql.raw(")");
        }
        for (var step : field.path()) {
            sql.raw(step.asText() ? "->>" : "->");
            switch (step) {
                case JsonStep.Key key -> sql.literal(key.name());
                case JsonStep.Index index -> sql.raw("(" + index.position() + ")");
            }
        }
        sql.raw(")");
    }

    /** A column as it is read: a computed one calls its function. */
    void write(SqlWriter sql, Column column) {
        var function = column.expression();
        if (column.generation() == Column.Generation.COMPUTED && function != null && !returned) {
            sql.raw(function).raw("(").raw(alias).raw(")");
        } else {
            reference(sql, column.name());
        }
    }

    /** Whether a column is shown otherwise than PostgreSQL shows it, which is as {@code json}. */
    static boolean isShownByDomain(Column column) {
        return column.type().casts().toJson() != null;
    }

    /** A column as it is shown: by the cast of its domain to {@code json}, if there is one. */
    void writeShown(SqlWriter sql, Column column) {
        var show = column.type().casts().toJson();
        sql.raw(show == null ? "" : show + "(");
        write(sql, column);
        sql.raw(show == null ? "" : ")");
    }

    /** The expression as something that can be compared: plain {@code json} has no operators, {@code jsonb} has. */
    void writeComparable(SqlWriter sql, Field field) {
        write(sql, field);
        if (!field.path().isEmpty() && !field.isText() && column(field).type().family() == Family.JSON) {
            sql.raw("::pg_catalog.jsonb");
        }
    }
}
