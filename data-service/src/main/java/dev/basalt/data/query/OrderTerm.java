package dev.basalt.data.query;

import org.jspecify.annotations.Nullable;

/**
 * One term of {@code order=}.
 *
 * @param relation the embedded to-one resource whose field orders, or null for the resource's own field
 */
public record OrderTerm(
        @Nullable String relation,
        Field field,
        @Nullable Direction direction,
        @Nullable Nulls nulls) {
    /** Which way. */
    public enum Direction {
        ASC,
        DESC
    }

    /** Where nulls stand. */
    public enum Nulls {
        FIRST,
        LAST
    }
}
