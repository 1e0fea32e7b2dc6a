package dev.basalt.data.plan;

import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.plan.Resource.Embedded;
import dev.basalt.data.query.Condition;
import dev.basalt.data.query.Field;
import dev.basalt.data.query.OrderTerm;
import dev.basalt.data.query.QueryShape;
import dev.basalt.data.query.SelectItem;
import dev.basalt.data.query.SelectItem.Aggregate;
import dev.basalt.data.query.SelectItem.Join;
import dev.basalt.data.schema.SchemaCache;
import dev.basalt.data.schema.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a query's select list into a tree of resources, and gives each the filters, orders and page that name it.
 *
 * <p>Refuses aggregates that are not allowed ({@code PGRST123}) or not supported ({@code PGRST127}), relations that there
 * are not ({@code PGRST200}) or several of ({@code PGRST201}), and parameters of resources that are not embedded
 * ({@code PGRST108}).
 */
final class ResourceReader {
    private final SchemaCache schema;
    private final PlanSettings settings;
    private int resources;

    private ResourceReader(SchemaCache schema, PlanSettings settings) {
        this.schema = schema;
        this.settings = settings;
    }

    static Resource read(SchemaCache schema, PlanSettings settings, Table table, QueryShape query) {
        var parameters = new Parameters(query.where(), query.order(), query.pages());
        return new ResourceReader(schema, settings).resource(table, query.select(), parameters);
    }

    private Resource resource(Table table, List<SelectItem> select, Parameters parameters) {
        int number = resources++;
        var items = new ArrayList<Resource.Item>(select.size());
        var names = new ArrayList<String>();
        for (var item : select) {
            items.add(
                    switch (item) {
                        case SelectItem.Star _ -> new Resource.Star();
                        case SelectItem.Value value -> value(table, value);
                        case SelectItem.Embed(var relation, var alias, var hint, var join, var nested) -> {
                            var name = alias == null ? relation : alias;
                            var own = names.contains(name) ? Parameters.NONE : parameters.below(name);
                            names.add(name);
                            yield embedded(table, relation, name, hint, join, false, nested, own);
                        }
                        case SelectItem.Spread(var relation, var hint, var join, var nested) -> {
                            var own = names.contains(relation) ? Parameters.NONE : parameters.below(relation);
                            names.add(relation);
                            yield embedded(table, relation, relation, hint, join, true, nested, own);
                        }
                    });
        }
        parameters.requireOnly(names);
        return new Resource(table, number, items, parameters.conditions(), parameters.orderTerms(), parameters.page());
    }

    private Resource.Value value(Table table, SelectItem.Value value) {
        if (value.aggregate() != null && !settings.aggregates()) {
            throw Refusal.of(RestError.AGGREGATES_DISABLED);
        }
        // Clients count related rows by "relation(count)", from before there were aggregates.
        boolean counts =
                value.aggregate() == null && value.field().equals(Field.of("count")) && table.readable("count") == null;
        return new Resource.Value(
                counts
                        ? new SelectItem.Value(Field.of("*"), null, Aggregate.COUNT, value.cast(), value.alias())
                        : value);
    }

    private Embedded embedded(
            Table origin,
            String relation,
            String name,
            @Nullable String hint,
            @Nullable Join join,
            boolean spread,
            List<SelectItem> select,
            Parameters parameters) {
        var candidates = schema.relationships(origin, relation, hint);
        if (candidates.size() != 1) {
            throw candidates.isEmpty()
                    ? RelationshipRefusal.none(schema, origin, relation, hint)
                    : RelationshipRefusal.ambiguous(origin, relation, candidates);
        }
        var relationship = candidates.getFirst();
        var resource = resource(relationship.target(), select, parameters);
        var embedded = new Embedded(name, relationship, spread, join == Join.INNER, resource);
        if (embedded.isSpreadToMany() && resource.isAggregated()) {
            throw Refusal.withDetails(
                    RestError.NOT_IMPLEMENTED,
                    "Aggregates are not implemented for one-to-many or many-to-many spreads.");
        }
        return embedded;
    }

    /** The parameters of a resource and of those embedded in it; a path is relative to the resource. */
    private record Parameters(
            List<QueryShape.Where> where, List<QueryShape.Order> orders, List<QueryShape.Page> pages) {
        static final Parameters NONE = new Parameters(List.of(), List.of(), List.of());

        Parameters below(String name) {
            return new Parameters(
                    below(
                            where,
                            name,
                            QueryShape.Where::path,
                            (path, it) -> new QueryShape.Where(path, it.condition())),
                    below(orders, name, QueryShape.Order::path, (path, it) -> new QueryShape.Order(path, it.terms())),
                    below(
                            pages,
                            name,
                            QueryShape.Page::path,
                            (path, it) -> new QueryShape.Page(path, it.limit(), it.offset())));
        }

        private static <T> List<T> below(
                List<T> all, String name, Function<T, List<String>> path, BiFunction<List<String>, T, T> moved) {
            if (all.isEmpty()) {
                return all;
            }
            var mine = new ArrayList<T>();
            for (var one : all) {
                var full = path.apply(one);
                if (!full.isEmpty() && full.getFirst().equals(name)) {
                    mine.add(moved.apply(full.subList(1, full.size()), one));
                }
            }
            return mine;
        }

        void requireOnly(List<String> names) {
            where.forEach(one -> requireIn(names, one.path()));
            orders.forEach(one -> requireIn(names, one.path()));
            pages.forEach(one -> requireIn(names, one.path()));
        }

        private static void requireIn(List<String> names, List<String> path) {
            if (!path.isEmpty() && !names.contains(path.getFirst())) {
                throw RelationshipRefusal.notEmbedded(path.getFirst());
            }
        }

        List<Condition> conditions() {
            return where.stream()
                    .filter(one -> one.path().isEmpty())
                    .map(QueryShape.Where::condition)
                    .toList();
        }

        List<OrderTerm> orderTerms() {
            return orders.stream()
                    .filter(one -> one.path().isEmpty())
                    .flatMap(one -> one.terms().stream())
                    .toList();
        }

        QueryShape.@Nullable Page page() {
            for (var page : pages) {
                if (page.path().isEmpty()) {
                    return page;
                }
            }
            return null;
        }
    }
}
