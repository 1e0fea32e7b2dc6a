package dev.basalt.data.schema;

import dev.basalt.data.schema.Relationship.ByKey;
import dev.basalt.data.schema.Relationship.ColumnPair;
import dev.basalt.data.schema.Relationship.Computed;
import dev.basalt.data.schema.Relationship.ThroughJunction;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which of the relationships from one table or view a name and a hint mean.
 *
 * <p>Where a table refers to itself, its own name means the rows that refer to a row, and the column's name the row that is
 * referred to.
 */
final class RelationshipChoice {
    private RelationshipChoice() {}

    static List<Relationship> of(List<Relationship> candidates, String name, @Nullable String hint) {
        if (hint != null) {
            return filter(
                    candidates, candidate -> candidate.target().name().equals(name) && isHintedAt(candidate, hint));
        }
        var byTarget = filter(candidates, candidate -> isNamedByTarget(candidate, name));
        if (!byTarget.isEmpty()) {
            var direct = filter(byTarget, candidate -> !(isSelf(candidate) && candidate instanceof ThroughJunction));
            return direct.isEmpty() ? byTarget : direct;
        }
        var byKey = filter(candidates, candidate -> isNamedByKey(candidate, name));
        var tables = filter(byKey, candidate -> !candidate.target().kind().isView());
        return tables.isEmpty() ? byKey : tables;
    }

    private static List<Relationship> filter(List<Relationship> all, Predicate<Relationship> condition) {
        return all.stream().filter(condition).toList();
    }

    private static boolean isSelf(Relationship relationship) {
        return relationship.origin().oid() == relationship.target().oid();
    }

    private static boolean isNamedByTarget(Relationship relationship, String name) {
        boolean backwards = !(relationship instanceof ByKey key && key.holdsKey());
        return relationship.target().name().equals(name) && (backwards || !isSelf(relationship));
    }

    private static boolean isNamedByKey(Relationship relationship, String name) {
        return relationship instanceof ByKey key
                && (key.holdsKey() || !isSelf(key))
                && (key.constraint().equals(name) || (key.holdsKey() && isOnly(key.columns(), ColumnPair::from, name)));
    }

    private static boolean isHintedAt(Relationship relationship, String hint) {
        return switch (relationship) {
            case ByKey key
            when isSelf(key) ->
                !key.holdsKey() && (key.constraint().equals(hint) || isOnly(key.columns(), ColumnPair::to, hint));
            case ByKey key ->
                key.constraint().equals(hint)
                        || isOnly(key.columns(), ColumnPair::from, hint)
                        || isOnly(key.columns(), ColumnPair::to, hint);
            case ThroughJunction junction
            when isSelf(junction) ->
                junction.junction().name().equals(hint)
                        || junction.targetConstraint().equals(hint)
                        || isOnly(junction.targetColumns(), ColumnPair::from, hint);
            case ThroughJunction junction -> junction.junction().name().equals(hint);
            case Computed _ -> false;
        };
    }

    private static boolean isOnly(
            List<ColumnPair> pairs, java.util.function.Function<ColumnPair, String> side, String name) {
        return pairs.size() == 1 && side.apply(pairs.getFirst()).equals(name);
    }
}
