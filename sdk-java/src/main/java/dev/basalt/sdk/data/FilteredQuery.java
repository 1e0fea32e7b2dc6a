package dev.basalt.sdk.data;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * What conditions narrow; all of them must hold. Immutable: each method answers a narrower one. A column given as text is
 * read as {@link #named} does; {@link Column} has every operator.
 *
 * @param <Q> the kind of query
 */
public interface FilteredQuery<Q extends FilteredQuery<Q>> {
    /** Adds any condition, a tree of them included. */
    Q where(Filter filter);

    /** Sorts by a column; a second call sorts within equal values of the first. */
    Q order(Column column, Order direction);

    /** At most so many rows. */
    Q limit(long rows);

    /** The column that a text names; in a query of tables as {@link Column#parse} reads it. */
    default Column named(String column) {
        return Column.parse(column);
    }

    /** Sorts by a column, ascending. */
    default Q order(String column) {
        return order(column, Order.ASCENDING);
    }

    /** Sorts by a column; {@code author.name} is one of an embedded relation. */
    default Q order(String column, Order direction) {
        return order(named(column), direction);
    }

    default Q eq(String column, Object value) {
        return where(named(column).eq(value));
    }

    default Q neq(String column, Object value) {
        return where(named(column).neq(value));
    }

    default Q gt(String column, Object value) {
        return where(named(column).gt(value));
    }

    default Q gte(String column, Object value) {
        return where(named(column).gte(value));
    }

    default Q lt(String column, Object value) {
        return where(named(column).lt(value));
    }

    default Q lte(String column, Object value) {
        return where(named(column).lte(value));
    }

    default Q like(String column, String pattern) {
        return where(named(column).like(pattern));
    }

    default Q ilike(String column, String pattern) {
        return where(named(column).ilike(pattern));
    }

    default Q is(String column, @Nullable Boolean value) {
        return where(named(column).is(value));
    }

    default Q in(String column, Collection<?> values) {
        return where(named(column).in(values));
    }

    /** Holds all elements of an array, or the JSON of {@link Filter#json}. */
    default Q contains(String column, Object value) {
        return where(named(column).contains(value));
    }

    /** This must not hold. */
    default Q not(Filter filter) {
        return where(Filter.not(filter));
    }

    /** At least one of these must hold. */
    default Q anyOf(Filter... filters) {
        return where(Filter.anyOf(filters));
    }
}
