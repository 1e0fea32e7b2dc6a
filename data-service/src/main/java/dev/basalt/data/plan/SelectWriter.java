package dev.basalt.data.plan;

import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.query.Field;
import dev.basalt.data.query.JsonStep;
import dev.basalt.data.query.OrderTerm;
import dev.basalt.data.query.QueryShape;
import dev.basalt.data.query.SelectItem;
import dev.basalt.data.query.SelectItem.Aggregate;
import dev.basalt.data.schema.Column;
import dev.basalt.data.schema.Table;
import dev.basalt.kit.error.ApiException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a request returns of each row, and in which order, as SQL over one table's row. */
final class SelectWriter {
    private final Table table;
    private final FieldWriter fields;
    private final QueryShape query;

    SelectWriter(Table table, FieldWriter fields, QueryShape query) {
        this.table = table;
        this.fields = fields;
        this.query = query;
    }

    /** The select list, perhaps empty. */
    void items(SqlWriter sql) {
        sql.list(", ", query.select(), item -> {
            switch (item) {
                case SelectItem.Star _ -> sql.raw(SqlWriter.TARGET).raw(".*");
                case SelectItem.Value value -> {
                    value(sql, value);
                    sql.raw(" AS ").name(outputName(value));
                }
                case SelectItem.Embed embed -> throw embedding(embed.relation());
                case SelectItem.Spread spread -> throw embedding(spread.relation());
            }
        });
    }

    /** {@code GROUP BY} of everything that is not aggregated, when something is; with a blank before it. */
    void groupBy(SqlWriter sql) {
        var grouped = new ArrayList<SelectItem.Value>();
        boolean aggregates = false;
        for (var item : query.select()) {
            if (item instanceof SelectItem.Value value) {
                if (value.aggregate() == null) {
                    grouped.add(value);
                } else {
                    aggregates = true;
                }
            }
        }
        if (aggregates && !grouped.isEmpty()) {
            sql.raw(" GROUP BY ").list(", ", grouped, value -> value(sql, value));
        }
    }

    /** {@code ORDER BY …} with a blank before it, or nothing. */
    void orderBy(SqlWriter sql) {
        var terms = new ArrayList<OrderTerm>();
        for (var order : query.order()) {
            ConditionWriter.requireRoot(order.path());
            terms.addAll(order.terms());
        }
        if (terms.isEmpty()) {
            return;
        }
        sql.raw(" ORDER BY ").list(", ", terms, term -> {
            var relation = term.relation();
            if (relation != null) {
                throw ConditionWriter.notEmbedded(relation);
            }
            fields.writeComparable(sql, term.field());
            var direction = term.direction();
            if (direction != null) {
                sql.raw(direction == OrderTerm.Direction.ASC ? " ASC" : " DESC");
            }
            var nulls = term.nulls();
            if (nulls != null) {
                sql.raw(nulls == OrderTerm.Nulls.FIRST ? " NULLS FIRST" : " NULLS LAST");
            }
        });
    }

    /** The names of the returned values, in order. */
    List<String> outputNames() {
        var names = new ArrayList<String>();
        for (var item : query.select()) {
            switch (item) {
                case SelectItem.Star _ -> table.columns().forEach(column -> names.add(column.name()));
                case SelectItem.Value value -> names.add(outputName(value));
                case SelectItem.Embed embed -> throw embedding(embed.relation());
                case SelectItem.Spread spread -> throw embedding(spread.relation());
            }
        }
        return names;
    }

    /** The columns that a write has to hand over so that the select list and the order can be built from them. */
    Set<Column> neededColumns() {
        var needed = new LinkedHashSet<Column>();
        for (var item : query.select()) {
            if (item instanceof SelectItem.Star) {
                needed.addAll(table.columns());
            } else if (item instanceof SelectItem.Value value && !isStar(value.field())) {
                needed.add(fields.column(value.field()));
            }
        }
        for (var order : query.order()) {
            order.terms().forEach(term -> needed.add(fields.column(term.field())));
        }
        return needed;
    }

    private void value(SqlWriter sql, SelectItem.Value value) {
        var cast = TypeName.of(value.cast());
        var aggregateCast = TypeName.of(value.aggregateCast());
        sql.raw(aggregateCast == null ? "" : "CAST(");
        var aggregate = value.aggregate();
        if (aggregate != null) {
            sql.raw(function(aggregate)).raw("(");
        }
        sql.raw(cast == null ? "" : "CAST(");
        if (isStar(value.field())) {
            sql.raw("*");
        } else {
            fields.write(sql, value.field());
        }
        sql.raw(cast == null ? "" : " AS " + cast + ")");
        sql.raw(aggregate == null ? "" : ")");
        sql.raw(aggregateCast == null ? "" : " AS " + aggregateCast + ")");
    }

    private static boolean isStar(Field field) {
        return field.name().equals("*") && field.path().isEmpty();
    }

    /** The alias, else the aggregate's name, else the last JSON key, else the column's name. */
    private static String outputName(SelectItem.Value value) {
        var alias = value.alias();
        if (alias != null) {
            return alias;
        }
        var aggregate = value.aggregate();
        if (aggregate != null) {
            return function(aggregate);
        }
        var key = lastKey(value.field());
        return key == null ? value.field().name() : key;
    }

    private static @Nullable String lastKey(Field field) {
        for (var step : field.path().reversed()) {
            if (step instanceof JsonStep.Key key) {
                return key.name();
            }
        }
        return null;
    }

    private static String function(Aggregate aggregate) {
        return aggregate.name().toLowerCase(Locale.ROOT);
    }

    private static ApiException embedding(String relation) {
        return Refusal.withDetails(
                RestError.NOT_IMPLEMENTED, "Embedding a relation ('" + relation + "') is not supported yet.");
    }
}
