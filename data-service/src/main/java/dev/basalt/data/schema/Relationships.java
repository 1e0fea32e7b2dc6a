package dev.basalt.data.schema;

import dev.basalt.data.schema.ForeignKey.BaseColumn;
import dev.basalt.data.schema.Relationship.ByKey;
import dev.basalt.data.schema.Relationship.Cardinality;
import dev.basalt.data.schema.Relationship.ColumnPair;
import dev.basalt.data.schema.Relationship.Computed;
import dev.basalt.data.schema.Relationship.ThroughJunction;
import dev.basalt.data.schema.ViewColumns.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How the tables and views of a schema relate: foreign keys, and functions that stand for them.
 *
 * <p>Only the keys are kept; relationships are made when asked for, because views multiply them. A relationship leads to
 * tables and views of its origin's own schema. Safe for use by any thread once built.
 */
final class Relationships {
    private final Map<Long, List<ForeignKey>> outgoing = new HashMap<>();
    private final Map<Long, List<ForeignKey>> incoming = new HashMap<>();
    private final Map<Long, List<Table>> showing = new HashMap<>();
    private final Map<Long, ViewColumns> views;
    private final Map<Long, List<Computed>> computed = new HashMap<>();

    /**
     * Joins what was introspected.
     *
     * @param tables the exposed ones
     * @param views what the views among them show, by {@code oid}
     */
    Relationships(List<Table> tables, List<ForeignKey> keys, Map<Long, ViewColumns> views, List<Computed> functions) {
        this.views = Map.copyOf(views);
        for (var table : tables) {
            bases(table).forEach(base -> add(showing, base, table));
        }
        for (var key : keys) {
            if (showing.containsKey(key.table())) {
                add(outgoing, key.table(), key);
            }
            if (showing.containsKey(key.target())) {
                add(incoming, key.target(), key);
            }
        }
        functions.forEach(function -> add(computed, function.origin().oid(), function));
    }

    private static <T> void add(Map<Long, List<T>> map, long key, T value) {
        map.computeIfAbsent(key, _ -> new ArrayList<>(1)).add(value);
    }

    /**
     * The relationships that a request may mean by a name and a hint; a function goes before what was detected.
     *
     * @param name the target's, or the foreign key's, or that of its only column
     * @param hint the foreign key's name, the name of its only column on either side, or the junction's name; or null
     */
    List<Relationship> find(Table origin, String name, @Nullable String hint) {
        for (var function : computedFrom(origin)) {
            if (function.name().equals(name)) {
                return List.of(function);
            }
        }
        var candidates = new ArrayList<Relationship>();
        detect(origin, name, candidates::add);
        return RelationshipChoice.of(candidates, name, hint);
    }

    /** The names of everything that is related to a table or view. */
    Set<String> names(Table origin) {
        var names = new TreeSet<String>();
        computedFrom(origin).forEach(function -> names.add(function.name()));
        detect(origin, null, relationship -> names.add(relationship.target().name()));
        return names;
    }

    private List<Computed> computedFrom(Table origin) {
        return computed.getOrDefault(origin.oid(), List.of()).stream()
                .filter(function -> function.target().schema().equals(origin.schema()))
                .toList();
    }

    /**
     * Everything that foreign keys say of an origin.
     *
     * @param name what the target or the foreign key must be called (or its only column), or null for anything
     */
    private void detect(Table origin, @Nullable String name, Consumer<Relationship> found) {
        for (long base : bases(origin)) {
            for (var key : outgoing.getOrDefault(base, List.of())) {
                for (var target : targets(origin, key.target())) {
                    if (name == null
                            || target.name().equals(name)
                            || isCalled(key, name)
                            || isColumn(origin, key, name)) {
                        detect(origin, target, key, true, found);
                    }
                }
            }
            for (var key : incoming.getOrDefault(base, List.of())) {
                for (var target : targets(origin, key.table())) {
                    if (name == null || target.name().equals(name) || isCalled(key, name)) {
                        detect(origin, target, key, false, found);
                    }
                }
                if (key.inPrimaryKey()) {
                    detectBeyond(origin, key, name, found);
                }
            }
        }
    }

    private void detect(Table origin, Table target, ForeignKey key, boolean holdsKey, Consumer<Relationship> found) {
        var cardinality =
                key.unique() ? Cardinality.ONE_TO_ONE : holdsKey ? Cardinality.MANY_TO_ONE : Cardinality.ONE_TO_MANY;
        var keyColumns = columns(holdsKey ? origin : target, key.table(), key.columns());
        var targetColumns = columns(holdsKey ? target : origin, key.target(), key.targetColumns());
        for (var one : keyColumns) {
            for (var other : targetColumns) {
                var pairs = holdsKey ? pairs(one, other) : pairs(other, one);
                found.accept(new ByKey(origin, target, cardinality, holdsKey, key.name(), pairs));
            }
        }
    }

    /** Many-to-many: through the table that has this key and another one, both within its primary key. */
    private void detectBeyond(Table origin, ForeignKey key, @Nullable String name, Consumer<Relationship> found) {
        for (var other : outgoing.getOrDefault(key.table(), List.of())) {
            if (other.equals(key) || !other.inPrimaryKey()) {
                continue;
            }
            for (var target : targets(origin, other.target())) {
                if (name != null && !target.name().equals(name)) {
                    continue;
                }
                for (var junction : junctions(origin, key.table())) {
                    detectThrough(origin, junction, target, key, other, found);
                }
            }
        }
    }

    private void detectThrough(
            Table origin,
            Table junction,
            Table target,
            ForeignKey toOrigin,
            ForeignKey toTarget,
            Consumer<Relationship> found) {
        for (var start : columns(origin, toOrigin.target(), toOrigin.targetColumns())) {
            for (var near : columns(junction, toOrigin.table(), toOrigin.columns())) {
                for (var far : columns(junction, toTarget.table(), toTarget.columns())) {
                    for (var end : columns(target, toTarget.target(), toTarget.targetColumns())) {
                        found.accept(new ThroughJunction(
                                origin,
                                target,
                                junction,
                                toOrigin.name(),
                                pairs(start, near),
                                toTarget.name(),
                                pairs(far, end)));
                    }
                }
            }
        }
    }

    private List<Table> targets(Table origin, long base) {
        return showing.getOrDefault(base, List.of()).stream()
                .filter(table -> table.schema().equals(origin.schema()))
                .toList();
    }

    /** A junction is the table itself, or the views of it where the table is not exposed. */
    private List<Table> junctions(Table origin, long base) {
        var shown = showing.getOrDefault(base, List.of());
        var table = shown.stream().filter(candidate -> candidate.oid() == base).toList();
        return table.isEmpty() ? targets(origin, base) : table;
    }

    private Set<Long> bases(Table table) {
        var view = views.get(table.oid());
        return view == null ? Set.of(table.oid()) : view.tables();
    }

    /** The names under which a table or view shows a key's columns: several where a view shows its only column twice. */
    private List<List<String>> columns(Table table, long base, List<BaseColumn> key) {
        var view = views.get(table.oid());
        if (view == null) {
            return List.of(key.stream().map(BaseColumn::name).toList());
        }
        var shown = key.stream()
                .map(column -> view.shown().getOrDefault(new Source(base, column.number()), List.of()))
                .toList();
        if (shown.stream().anyMatch(List::isEmpty)) {
            return List.of();
        }
        return shown.size() == 1
                ? shown.getFirst().stream().map(List::of).toList()
                : List.of(shown.stream().map(List::getFirst).toList());
    }

    private static boolean isCalled(ForeignKey key, String name) {
        return key.name().equals(name);
    }

    private boolean isColumn(Table origin, ForeignKey key, String name) {
        return key.columns().size() == 1
                && columns(origin, key.table(), key.columns()).contains(List.of(name));
    }

    private static List<ColumnPair> pairs(List<String> from, List<String> to) {
        return IntStream.range(0, from.size())
                .mapToObj(i -> new ColumnPair(from.get(i), to.get(i)))
                .toList();
    }
}
