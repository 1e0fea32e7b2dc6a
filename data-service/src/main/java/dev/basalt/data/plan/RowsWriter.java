package dev.basalt.data.plan;

import dev.basalt.data.plan.Resource.Embedded;
import dev.basalt.data.query.Field;
import dev.basalt.data.query.JsonStep;
import dev.basalt.data.query.OrderTerm;
import dev.basalt.data.query.SelectItem;
import dev.basalt.data.schema.Column;
import dev.basalt.data.schema.PgType.Family;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request returns of each row of a resource, which rows and in which order, as SQL.
 *
 * <p>An embedded resource is a subquery in the select list: PostgreSQL then builds its JSON only for the rows of the page,
 * after it sorted them. What has to be known before (values that are spread, related values that order) is joined
 * laterally.
 */
final class RowsWriter {
    private final Resource resource;
    private final FieldWriter fields;
    private final ConditionWriter conditions;
    private final boolean aggregated;
    private final List<RelatedRows> related = new ArrayList<>();
    private final List<RelatedRows> spreads = new ArrayList<>();
    private final List<RelatedRows> orderedBy = new ArrayList<>();
    private final List<OutputColumn> columns = new ArrayList<>();

    RowsWriter(Resource resource, FieldWriter fields, PlanSettings settings) {
        this.resource = resource;
        this.fields = fields;
        this.conditions = new ConditionWriter(fields, this::related);
        this.aggregated = resource.isAggregated();
        for (var item : resource.items()) {
            switch (item) {
                case Resource.Star _ -> addStar();
                case Resource.Value value -> columns.add(column(value));
                case Embedded embedded -> addEmbedded(new RelatedRows(embedded, fields, settings));
            }
        }
        for (var term : resource.order()) {
            if (term.relation() != null) {
                orderedBy.add(ordering(term.relation()));
            }
        }
    }

    private void addStar() {
        for (var column : resource.table().columns()) {
            columns.add(
                    FieldWriter.isShownByDomain(column)
                            ? shown(column.name(), column)
                            : OutputColumn.plain(column.name(), sql -> fields.write(sql, column), column.type()));
        }
    }

    private void addEmbedded(RelatedRows rows) {
        related.add(rows);
        var embedded = rows.embedded();
        if (embedded.resource().isEmpty()) {
            return;
        }
        if (embedded.spread()) {
            spreads.add(rows);
            columns.addAll(rows.spreadColumns());
        } else {
            columns.add(OutputColumn.json(embedded.name(), rows::writeValue));
        }
    }

    /** The embedded resource of that name, or null. */
    private @Nullable RelatedRows related(String name) {
        for (var rows : related) {
            if (rows.embedded().name().equals(name)) {
                return rows;
            }
        }
        return null;
    }

    private OutputColumn column(Resource.Value item) {
        var value = item.value();
        var field = value.field();
        var cast = TypeName.of(value.cast());
        boolean countsRows = item.isRowCount();
        var column = countsRows ? null : fields.column(field);
        // What is cast or aggregated is the value itself.
        if (column != null
                && FieldWriter.isShownByDomain(column)
                && cast == null
                && value.aggregate() == null
                && field.path().isEmpty()) {
            return shown(outputName(value), column);
        }
        SqlPart expression = sql -> {
            sql.raw(cast == null ? "" : "CAST(");
            fields.write(sql, field);
            sql.raw(cast == null ? "" : " AS " + cast + ")");
        };
        boolean json = column != null && cast == null && !field.isText() && isJson(column);
        boolean own = column != null && cast == null && value.aggregate() == null;
        return new OutputColumn(
                outputName(value),
                expression,
                own ? fields.type(field) : null,
                json,
                countsRows,
                null,
                value.aggregate(),
                TypeName.of(value.aggregateCast()));
    }

    private OutputColumn shown(String name, Column column) {
        return OutputColumn.shown(name, sql -> fields.writeShown(sql, column), sql -> fields.write(sql, column));
    }

    private static boolean isJson(Column column) {
        return column.type().family() == Family.JSON;
    }

    private RelatedRows ordering(String relation) {
        var rows = related(relation);
        if (rows == null) {
            throw RelationshipRefusal.notEmbedded(relation);
        }
        if (!rows.embedded().relationship().toOne()) {
            throw RelationshipRefusal.notOrderable(resource.table(), relation);
        }
        return rows;
    }

    /** The select list under the names of the answer, perhaps empty. */
    void items(SqlWriter sql) {
        sql.list(", ", columns, column -> {
            column.write(sql, aggregated);
            sql.raw(" AS ").name(column.name());
        });
    }

    /** The select list under the names of {@link #spreadName}, which cannot collide. */
    void numberedItems(SqlWriter sql) {
        for (int i = 0; i < columns.size(); i++) {
            sql.raw(i == 0 ? "" : ", ");
            columns.get(i).write(sql, aggregated);
            sql.raw(" AS " + spreadName(i));
        }
    }

    /** The select list under names that cannot collide, for the resource that this one is spread into. */
    void spreadItems(SqlWriter sql) {
        for (int i = 0; i < columns.size(); i++) {
            sql.raw(i == 0 ? "" : ", ");
            columns.get(i).writeUnaggregated(sql);
            sql.raw(" AS " + spreadName(i));
        }
    }

    static String spreadName(int column) {
        return "\"c" + column + "\"";
    }

    List<OutputColumn> columns() {
        return columns;
    }

    /** What {@code FROM} needs besides the rows themselves; with a blank before it, or nothing. */
    void joins(SqlWriter sql) {
        spreads.forEach(spread -> spread.writeJoin(sql));
        int term = 0;
        for (var order : resource.order()) {
            if (order.relation() != null) {
                orderedBy.get(term).writeOrderJoin(sql, order.field(), orderAlias(term));
                term++;
            }
        }
    }

    private String orderAlias(int term) {
        return resource.alias("o" + term + "_");
    }

    /** The conditions that the request has for the rows. */
    List<SqlPart> conditions() {
        var parts = new ArrayList<SqlPart>(resource.where().size());
        for (var condition : resource.where()) {
            parts.add(sql -> conditions.write(sql, condition));
        }
        return parts;
    }

    /** That related rows exist where the request wants only rows that have them. */
    List<SqlPart> existences() {
        var parts = new ArrayList<SqlPart>();
        for (var rows : related) {
            if (rows.embedded().inner()) {
                parts.add(rows::writeExists);
            }
        }
        return parts;
    }

    /** {@code WHERE …} both, with a blank before it, or nothing. */
    void where(SqlWriter sql) {
        where(sql, List.of());
    }

    /** {@code WHERE …} both and some more before them. */
    void where(SqlWriter sql, List<SqlPart> more) {
        var all = new ArrayList<>(more);
        all.addAll(conditions());
        all.addAll(existences());
        sql.where(all);
    }

    /** {@code GROUP BY} everything that is not aggregated, when something is; with a blank before it. */
    void groupBy(SqlWriter sql) {
        if (!aggregated) {
            return;
        }
        var keys = new ArrayList<SqlPart>();
        for (int i = 0; i < columns.size(); i++) {
            var column = columns.get(i);
            var position = Integer.toString(i + 1);
            if (column.aggregate() == null) {
                var key = column.groupedBy();
                keys.add(key == null ? at -> at.raw(position) : key);
            }
        }
        if (!keys.isEmpty()) {
            sql.raw(" GROUP BY ").list(", ", keys, key -> key.write(sql));
        }
    }

    /** {@code ORDER BY …} with a blank before it, or nothing. */
    void orderBy(SqlWriter sql) {
        if (resource.order().isEmpty()) {
            return;
        }
        int[] related = {0};
        sql.raw(" ORDER BY ").list(", ", resource.order(), term -> {
            if (term.relation() == null) {
                fields.writeComparable(sql, term.field());
            } else {
                sql.raw(orderAlias(related[0]++)).raw("." + spreadName(0));
            }
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

    boolean isAggregated() {
        return aggregated;
    }

    /** The returned values, in order. */
    List<LineValue> lineValues() {
        return columns.stream()
                .map(column -> LineValue.of(column.name(), column.type()))
                .toList();
    }

    /** The names of the returned values, in order. */
    List<String> outputNames() {
        return columns.stream().map(OutputColumn::name).toList();
    }

    /** The alias, else the aggregate's name, else the last JSON key, else the column's name. */
    private static String outputName(SelectItem.Value value) {
        var alias = value.alias();
        if (alias != null) {
            return alias;
        }
        var aggregate = value.aggregate();
        if (aggregate != null) {
            return OutputColumn.function(aggregate);
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
}
