package dev.basalt.sdk.data;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * What conditions narrow; all of them must hold. Immutable: each method answers a narrower one. A column given as text is
 * read as {@link Column#parse} does; {@link Column} has every operator.
 *
 * @param <Q> the kind of query
 */
public sealed interface FilteredQuery<Q extends FilteredQuery<Q>> permits ReadQuery, WriteQuery, Embed {
    /** Adds any condition, a tree of them included. */
    Q where(Filter filter);

    /** Sorts by a column; a second call sorts within equal values of the first. */
    Q order(Column column, Order direction);

    /** At most so many rows. */
    Q limit(long rows);

    /** Sorts by a column, ascending. */
    default Q order(String column) {
        return order(column, Order.ASCENDING);
    }

    /** Sorts by a column; {@code author.name} is one of an embedded relation. */
    default Q order(String column, Order direction) {
        return order(Column.parse(column), direction);
    }

    default Q eq(String column, Object value) {
        return where(Filter.eq(column, value));
    }

    default Q neq(String column, Object value) {
        return where(Filter.neq(column, value));
    }

    default Q gt(String column, Object value) {
        return where(Filter.gt(column, value));
    }

    default Q gte(String column, Object value) {
        return where(Filter.gte(column, value));
    }

    default Q lt(String column, Object value) {
        return where(Filter.lt(column, value));
    }

    default Q lte(String column, Object value) {
        return where(Filter.lte(column, value));
    }

    default Q like(String column, String pattern) {
        return where(Filter.like(column, pattern));
    }

    default Q ilike(String column, String pattern) {
        return where(Filter.ilike(column, pattern));
    }

    default Q is(String column, @Nullable Boolean value) {
        return where(Filter.is(column, value));
    }

    default Q in(String column, Collection<?> values) {
        return where(Filter.in(column, values));
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
