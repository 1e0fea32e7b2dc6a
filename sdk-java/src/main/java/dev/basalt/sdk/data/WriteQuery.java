package dev.basalt.sdk.data;

/**
 * A query that changes or deletes the rows that its filters pick; without a filter, every row that the caller may change.
 * With a limit it writes the first ones of its order. Immutable and thread-safe. It is never repeated by itself.
 */
public final class WriteQuery extends WritingQuery<WriteQuery> implements FilteredQuery<WriteQuery> {
    WriteQuery(Request request) {
        super(request);
    }

    @Override
    WriteQuery with(Request changed) {
        return new WriteQuery(changed);
    }

    @Override
    public WriteQuery where(Filter filter) {
        return with(request().where(filter));
    }

    @Override
    public WriteQuery order(Column column, Order direction) {
        return with(request().order(direction.of(column)));
    }

    @Override
    public WriteQuery limit(long rows) {
        return with(request().limit("limit", rows));
    }
}
