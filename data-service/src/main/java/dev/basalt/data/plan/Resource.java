package dev.basalt.data.plan;

import dev.basalt.data.query.Condition;
import dev.basalt.data.query.Field;
import dev.basalt.data.query.OrderTerm;
import dev.basalt.data.query.QueryShape;
import dev.basalt.data.query.SelectItem;
import dev.basalt.data.schema.DomainCasts;
import dev.basalt.data.schema.Relationship;
import dev.basalt.data.schema.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A resource of a request, the one it names or an embedded one, with all that the query says of it.
 *
 * @param number tells it from the others in the statement; the one that the request names has 0
 * @param page its page if it is embedded and has one
 */
record Resource(
        Table table,
        int number,
        List<Item> items,
        List<Condition> where,
        List<OrderTerm> order,
        QueryShape.@Nullable Page page) {
    Resource {
        items = List.copyOf(items);
        where = List.copyOf(where);
        order = List.copyOf(order);
    }

    /** An item of its select list. */
    sealed interface Item {}

    /** Every stored column. */
    record Star() implements Item {}

    /** A value of the row, or an aggregate over rows. */
    record Value(SelectItem.Value value) implements Item {
        boolean isRowCount() {
            return value.field().equals(Field.of("*"));
        }
    }

    /**
     * A related resource.
     *
     * @param name its alias, else what the request calls the relation
     * @param spread whether its values join those of the resource it is embedded in
     * @param inner whether rows without related ones are left out
     */
    record Embedded(String name, Relationship relationship, boolean spread, boolean inner, Resource resource)
            implements Item {
        boolean callsFunctions() {
            return switch (relationship) {
                case Relationship.ByKey _ -> false;
                case Relationship.ThroughJunction through -> through.junction().callsFunctions();
                case Relationship.Computed _ -> true;
            };
        }

        boolean isSpreadToMany() {
            return spread && !relationship.toOne();
        }
    }

    /** The name of its row in the statement, as SQL. */
    String alias() {
        return number == 0 ? SqlWriter.TARGET : alias("t");
    }

    /** A name of something that belongs to it in the statement, as SQL. */
    String alias(String kind) {
        return "\"_" + kind + number + "\"";
    }

    /** Whether its rows are groups: by an aggregate of its own, or of a resource that is spread into it. */
    boolean isAggregated() {
        return items.stream().anyMatch(item -> switch (item) {
            case Star _ -> false;
            case Value value -> value.value().aggregate() != null;
            case Embedded embedded ->
                embedded.spread()
                        && embedded.relationship().toOne()
                        && embedded.resource().isAggregated();
        });
    }

    /** Whether its rows, or those embedded in them, may call functions of the project's own. */
    boolean callsFunctions() {
        boolean own = table.callsFunctions()
                || !table.computed().isEmpty()
                || table.columns().stream()
                        .anyMatch(column -> !column.type().casts().equals(DomainCasts.NONE));
        return own
                || items.stream()
                        .anyMatch(item -> item instanceof Embedded embedded
                                && (embedded.callsFunctions()
                                        || embedded.resource().callsFunctions()));
    }

    /** Whether nothing of it is returned. */
    boolean isEmpty() {
        return items.stream()
                .allMatch(item ->
                        item instanceof Embedded embedded && embedded.resource().isEmpty());
    }
}
