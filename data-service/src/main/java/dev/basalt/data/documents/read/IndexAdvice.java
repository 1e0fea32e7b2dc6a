package dev.basalt.data.documents.read;

import dev.basalt.data.documents.IndexKey;
import dev.basalt.data.query.Condition;
import dev.basalt.data.query.Condition.Logic;
import dev.basalt.data.query.Field;
import dev.basalt.data.query.JsonStep;
import dev.basalt.data.query.Operation;
import dev.basalt.data.query.Operation.Comparison;
import dev.basalt.data.query.OrderTerm;
import dev.basalt.data.query.OrderTerm.Direction;
import dev.basalt.data.query.PathQueryParser;
import dev.basalt.kit.error.ApiException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which index to declare for a query that no index of its collection serves: told from the query's shape and the indexes' keys, without
 * asking PostgreSQL. One condition that an index has first is enough: what is found by it is not the whole collection. Conditions that no
 * declared index can serve ({@code like}, {@code neq}, {@code cs}, full text) are not advised on. Stateless.
 */
final class IndexAdvice {
    private static final int MAX_FIELDS = 8;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_$-]+");

    private IndexAdvice() {}

    /**
     * The declaration to add, {@code {"fields": […], "group": true}}; empty if an index serves the query or none would.
     *
     * @param order what the answer is sorted by; of aggregates nothing
     * @param indexes the keys of each index of the collection, its primary key's among them
     */
    static Optional<JsonObject> of(
            List<Condition> asked, List<OrderTerm> order, boolean group, Set<List<IndexKey>> indexes) {
        // Within a parent, a condition on the parent finds everything or nothing.
        var where = asked.stream()
                .filter(condition -> group || !isOf(IndexKey.PARENT, condition))
                .toList();
        var served = new Served(indexes, group);
        var fields = new ArrayList<String>();
        if (where.isEmpty()) {
            if (order.isEmpty() || served.sorts(order)) {
                return Optional.empty();
            }
            order.forEach(
                    term -> fields.add(spelled(term.field()) + (term.direction() == Direction.DESC ? ".desc" : "")));
        } else {
            if (where.stream().anyMatch(served::finds)) {
                return Optional.empty();
            }
            fields.addAll(conditions(where));
        }
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        var index = new JsonObject()
                .put("fields", new JsonArray(fields.stream().limit(MAX_FIELDS).toList()));
        return Optional.of(group ? index.put("group", true) : index);
    }

    private static boolean isOf(IndexKey key, Condition condition) {
        return condition instanceof Condition.Filter filter
                && IndexKey.of(filter.field()).equals(key);
    }

    /** The fields that are compared for equality, then one that is compared for order: an index has no use of another behind it. */
    private static List<String> conditions(List<Condition> where) {
        var equal = new LinkedHashSet<String>();
        var ranges = new LinkedHashSet<String>();
        for (var condition : where) {
            if (condition instanceof Condition.Filter filter && isServable(filter)) {
                (isEquality(filter.operation()) ? equal : ranges).add(spelled(filter.field()));
            }
        }
        var spelled = new ArrayList<>(equal);
        ranges.stream().filter(name -> !equal.contains(name)).findFirst().ifPresent(spelled::add);
        return spelled.isEmpty() ? alternatives(where) : spelled;
    }

    /** Of alternatives each needs an index; the first is named, and the next one when that is there. */
    private static List<String> alternatives(List<Condition> where) {
        for (var condition : where) {
            if (condition instanceof Condition.Group group && isServable(group)) {
                var members = group.members();
                return conditions(group.logic() == Logic.AND ? members : members.subList(0, 1));
            }
        }
        return List.of();
    }

    private static boolean isServable(Condition condition) {
        return switch (condition) {
            case Condition.Group(var negated, var logic, var members) ->
                !negated
                        && (logic == Logic.AND
                                ? members.stream().anyMatch(IndexAdvice::isServable)
                                : members.stream().allMatch(IndexAdvice::isServable));
            case Condition.Filter(var field, var negated, var operation) ->
                !negated && (isEquality(operation) || isRange(operation));
        };
    }

    private static boolean isEquality(Operation operation) {
        return switch (operation) {
            case Operation.In _ -> true;
            case Operation.Is(var operand) -> operand != Operation.IsOperand.NOT_NULL;
            case Operation.Compare(var operator, var quantifier, int value) ->
                operator == Comparison.EQ && quantifier != Operation.Quantifier.ALL;
            case Operation.Binary _, Operation.IsDistinct _, Operation.TextSearch _ -> false;
        };
    }

    private static boolean isRange(Operation operation) {
        return operation instanceof Operation.Compare(var operator, var quantifier, int value)
                && quantifier == null
                && operator != Comparison.EQ
                && !operator.isPattern();
    }

    /** What the indexes of a collection find and sort, within a parent or across all. */
    private record Served(Set<List<IndexKey>> indexes, boolean group) {
        /** The keys behind those that a query fixes anyway. */
        private List<IndexKey> keys(List<IndexKey> index) {
            return !group && index.getFirst().equals(IndexKey.PARENT) ? index.subList(1, index.size()) : index;
        }

        boolean finds(Condition condition) {
            return switch (condition) {
                case Condition.Group(var negated, var logic, var members) ->
                    !negated
                            && (logic == Logic.AND
                                    ? members.stream().anyMatch(this::finds)
                                    : members.stream().allMatch(this::finds));
                case Condition.Filter filter -> {
                    var key = IndexKey.of(filter.field());
                    yield isServable(filter)
                            && indexes.stream()
                                    .map(this::keys)
                                    .anyMatch(keys ->
                                            !keys.isEmpty() && keys.getFirst().equals(key));
                }
            };
        }

        /** Whether an index begins with all the terms; which way is not looked at, since one is read either way. */
        boolean sorts(List<OrderTerm> order) {
            var wanted = order.stream()
                    .map(term -> IndexKey.of(term.field()))
                    .distinct()
                    .toList();
            return indexes.stream()
                    .map(this::keys)
                    .anyMatch(keys -> keys.size() >= wanted.size()
                            && keys.subList(0, wanted.size()).equals(wanted));
        }
    }

    /** The field as a declaration names it: quoted where it would read as something else. */
    private static String spelled(Field field) {
        var steps = new ArrayList<String>();
        steps.add(field.name());
        for (var step : field.path()) {
            if (step instanceof JsonStep.Key key) {
                steps.add(key.name());
            }
        }
        var plain = String.join(".", steps);
        return steps.stream().allMatch(step -> PLAIN.matcher(step).matches()) && isRead(plain, field)
                ? plain
                : steps.stream().map(IndexAdvice::quoted).collect(Collectors.joining("."));
    }

    private static String quoted(String step) {
        return '"' + step.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static boolean isRead(String text, Field field) {
        try {
            return PathQueryParser.order(text).equals(List.of(new OrderTerm(null, field, null, null)));
        } catch (ApiException unreadable) {
            return false;
        }
    }
}
