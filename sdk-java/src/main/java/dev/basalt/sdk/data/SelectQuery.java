package dev.basalt.sdk.data;

/** A query that reads a table or view. Immutable and thread-safe. */
public final class SelectQuery extends ReadQuery<SelectQuery> {
    SelectQuery(Request request) {
        super(request);
    }

    @Override
    SelectQuery with(Request changed) {
        return new SelectQuery(changed);
    }
}
