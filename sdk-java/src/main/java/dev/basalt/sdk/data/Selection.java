package dev.basalt.sdk.data;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A part of what a query reads: a column, all of them, an aggregate, or rows of a relation. Immutable. */
public sealed interface Selection permits Column, Selection.All, Selection.Value, Embed {
    /** As it stands in {@code select=}. */
    String written();

    /** Every column. */
    static Selection all() {
        return new All();
    }

    /** How many rows there are in each group of equal other columns. */
    static Value count() {
        return new Value(null, null, null, Aggregate.COUNT, null);
    }

    /** Columns of exactly these names. */
    static Selection[] columns(String... names) {
        return Arrays.stream(names).map(Column::column).toArray(Selection[]::new);
    }

    /** Every column. */
    record All() implements Selection {
        @Override
        public String written() {
            return "*";
        }
    }

    /** A function of the rows of a group. */
    enum Aggregate {
        SUM,
        AVG,
        MIN,
        MAX,
        COUNT
    }

    /**
     * A column under another name, as another type or aggregated.
     *
     * @param column {@code null} for {@code count()} of the rows
     * @param cast the type of what goes into the aggregate or, without one, of the value
     * @param aggregateCast the type of what comes out of the aggregate
     */
    record Value(
            @Nullable String alias,
            @Nullable Column column,
            @Nullable String cast,
            @Nullable Aggregate aggregate,
            @Nullable String aggregateCast)
            implements Selection {
        /** Reads it under another name. */
        public Value as(String name) {
            return new Value(name, column, cast, aggregate, aggregateCast);
        }

        /** Reads it as another type, for example {@code text}. */
        public Value cast(String type) {
            String known = Quoting.identifier(type);
            return aggregate == null
                    ? new Value(alias, column, known, null, null)
                    : new Value(alias, column, cast, aggregate, known);
        }

        public Value sum() {
            return aggregate(Aggregate.SUM);
        }

        public Value avg() {
            return aggregate(Aggregate.AVG);
        }

        public Value min() {
            return aggregate(Aggregate.MIN);
        }

        public Value max() {
            return aggregate(Aggregate.MAX);
        }

        public Value count() {
            return aggregate(Aggregate.COUNT);
        }

        private Value aggregate(Aggregate function) {
            return new Value(alias, column, cast, function, aggregateCast);
        }

        @Override
        public String written() {
            var text = new StringBuilder();
            if (alias != null) text.append(Quoting.name(alias)).append(':');
            if (column != null) text.append(column.written());
            if (cast != null) text.append("::").append(cast);
            if (aggregate != null) {
                text.append(column == null ? "" : ".")
                        .append(aggregate.name().toLowerCase(Locale.ROOT))
                        .append("()");
            }
            if (aggregateCast != null) text.append("::").append(aggregateCast);
            return text.toString();
        }
    }

    /** Several parts as they stand in {@code select=}. */
    static String written(Collection<? extends Selection> selections) {
        return selections.stream().map(Selection::written).collect(Collectors.joining(","));
    }
}
