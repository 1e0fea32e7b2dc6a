package dev.basalt.sdk.data;

import java.time.ZoneId;

/**
 * A request of a table or function in the making. Immutable.
 *
 * @param <Q> the kind of query
 */
public abstract sealed class Query<Q extends Query<Q>> permits ReadQuery, WritingQuery {
    private final Request request;

    Query(Request request) {
        this.request = request;
    }

    final Request request() {
        return request;
    }

    abstract Q with(Request changed);

    /** Has times of {@code timestamptz} columns read and written as of a time zone. */
    public Q timeZone(ZoneId zone) {
        return with(request.prefer("timezone", zone.getId()));
    }
}
