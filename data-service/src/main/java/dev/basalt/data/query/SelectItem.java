package dev.basalt.data.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One item of {@code select=}. */
public sealed interface SelectItem {
    /** {@code *}: every column. */
    record Star() implements SelectItem {}

    /**
     * A value of the row: {@code alias:field::cast.aggregate()::aggregateCast}.
     *
     * <p>{@code count()} without a field is the field {@code *} with {@link Aggregate#COUNT}.
     */
    record Value(
            Field field,
            @Nullable String cast,
            @Nullable Aggregate aggregate,
            @Nullable String aggregateCast,
            @Nullable String alias)
            implements SelectItem {}

    /** A related resource as a nested value: {@code alias:relation!hint!inner(items)}. */
    record Embed(
            String relation,
            @Nullable String alias,
            @Nullable String hint,
            @Nullable Join join,
            List<SelectItem> items) implements SelectItem {
        public Embed {
            items = List.copyOf(items);
        }
    }

    /** A related resource whose values join the parent's: {@code ...relation!hint!inner(items)}. */
    record Spread(
            String relation,
            @Nullable String hint,
            @Nullable Join join,
            List<SelectItem> items) implements SelectItem {
        public Spread {
            items = List.copyOf(items);
        }
    }

    /** Whether a parent without related rows stays in the answer. */
    enum Join {
        INNER,
        LEFT
    }

    /** An aggregate function. */
    enum Aggregate {
        SUM,
        AVG,
        COUNT,
        MAX,
        MIN
    }
}
