package dev.basalt.sdk.data;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A query that conditions narrow; all of them must hold. Immutable: each method answers a narrower query.
 *
 * @param <Q> the kind of query
 */
public abstract sealed class FilteredQuery<Q extends FilteredQuery<Q>> permits SelectQuery, WriteQuery {
    private final Request request;

    FilteredQuery(Request request) {
        this.request = request;
    }

    final Request request() {
        return request;
    }

    abstract Q with(Request changed);

    /** Adds any condition, a tree of them included. */
    public Q where(Filter filter) {
        return with(request.where(filter));
    }

    public Q eq(String column, Object value) {
        return where(Filter.eq(column, value));
    }

    public Q neq(String column, Object value) {
        return where(Filter.neq(column, value));
    }

    public Q gt(String column, Object value) {
        return where(Filter.gt(column, value));
    }

    public Q gte(String column, Object value) {
        return where(Filter.gte(column, value));
    }

    public Q lt(String column, Object value) {
        return where(Filter.lt(column, value));
    }

    public Q lte(String column, Object value) {
        return where(Filter.lte(column, value));
    }

    public Q like(String column, String pattern) {
        return where(Filter.like(column, pattern));
    }

    public Q ilike(String column, String pattern) {
        return where(Filter.ilike(column, pattern));
    }

    public Q is(String column, @Nullable Boolean value) {
        return where(Filter.is(column, value));
    }

    public Q in(String column, Collection<?> values) {
        return where(Filter.in(column, values));
    }

    /** At least one of these must hold. */
    public Q anyOf(Filter... filters) {
        return where(Filter.anyOf(filters));
    }
}
