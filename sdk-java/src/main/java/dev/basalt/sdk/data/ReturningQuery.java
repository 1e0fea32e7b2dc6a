package dev.basalt.sdk.data;

/** A write that reads back what it wrote. Immutable and thread-safe. */
public final class ReturningQuery implements RowQuery {
    private final Request request;

    ReturningQuery(Request request) {
        this.request = request.prefer("return", "representation");
    }

    /** Leaves members that are NULL out of the answer. */
    public ReturningQuery withoutNulls() {
        return new ReturningQuery(request.strippingNulls());
    }

    @Override
    public <T> TypedQuery<T> as(Class<T> type) {
        return new TypedQuery<>(request, type);
    }
}
