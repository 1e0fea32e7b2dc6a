package dev.basalt.data.plan;

import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.query.Condition;
import dev.basalt.data.query.Operation;
import dev.basalt.data.schema.Table;
import java.util.HashSet;
import java.util.List;

/** The key of the one row that a single upsert is about: its filters are the primary key's columns with {@code eq}. */
final class PutKey {
    private PutKey() {}

    /** The primary key's columns, all and only which the filters name; else {@code PGRST105}. */
    static List<String> require(Table table, List<Condition> filters) {
        var named = new HashSet<String>();
        for (var filter : filters) {
            if (!isEquality(filter) || !named.add(column(filter))) {
                throw Refusal.of(RestError.INVALID_PUT);
            }
        }
        if (named.isEmpty() || !named.equals(new HashSet<>(table.primaryKey()))) {
            throw Refusal.of(RestError.INVALID_PUT);
        }
        return table.primaryKey();
    }

    private static boolean isEquality(Condition condition) {
        return condition instanceof Condition.Filter filter
                && !filter.negated()
                && filter.field().path().isEmpty()
                && filter.operation() instanceof Operation.Compare compare
                && compare.operator() == Operation.Comparison.EQ
                && compare.quantifier() == null;
    }

    /** The column of a filter that {@link #require} let through. */
    static String column(Condition filter) {
        return ((Condition.Filter) filter).field().name();
    }

    /** The value of a filter that {@link #require} let through, as an index. */
    static int value(Condition filter) {
        return ((Operation.Compare) ((Condition.Filter) filter).operation()).value();
    }
}
