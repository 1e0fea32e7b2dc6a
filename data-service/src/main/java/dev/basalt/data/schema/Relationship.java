package dev.basalt.data.schema;

import java.util.List;

/** How rows of one table or view relate to rows of another one, seen from the first. */
public sealed interface Relationship {
    /** Where it starts. */
    Table origin();

    /** Where it leads. */
    Table target();

    /** Whether a row of the origin has at most one row of the target. */
    boolean toOne();

    /** Whether {@link #toOne} is guaranteed by a constraint on the target, as no view and no function can. */
    boolean certain();

    /**
     * By a foreign key, in either direction.
     *
     * @param holdsKey whether the key's own columns are the origin's
     * @param constraint the foreign key's name
     */
    record ByKey(
            Table origin,
            Table target,
            Cardinality cardinality,
            boolean holdsKey,
            String constraint,
            List<ColumnPair> columns)
            implements Relationship {
        public ByKey {
            columns = List.copyOf(columns);
        }

        @Override
        public boolean toOne() {
            return cardinality != Cardinality.ONE_TO_MANY;
        }

        @Override
        public boolean certain() {
            return !target.kind().isView();
        }
    }

    /**
     * By two foreign keys of a table between them.
     *
     * @param originConstraint the junction's foreign key to the origin
     * @param originColumns pairs of the origin's columns with the junction's
     * @param targetConstraint the junction's foreign key to the target
     * @param targetColumns pairs of the junction's columns with the target's
     */
    record ThroughJunction(
            Table origin,
            Table target,
            Table junction,
            String originConstraint,
            List<ColumnPair> originColumns,
            String targetConstraint,
            List<ColumnPair> targetColumns)
            implements Relationship {
        public ThroughJunction {
            originColumns = List.copyOf(originColumns);
            targetColumns = List.copyOf(targetColumns);
        }

        @Override
        public boolean toOne() {
            return false;
        }

        @Override
        public boolean certain() {
            return false;
        }
    }

    /**
     * By a function that takes a row of the origin and returns rows of the target.
     *
     * @param function its qualified name as SQL
     */
    record Computed(Table origin, Table target, String name, String function, boolean toOne) implements Relationship {
        @Override
        public boolean certain() {
            return false;
        }
    }

    /** A column of where a step starts with the column of where it leads that has the same value. */
    record ColumnPair(String from, String to) {}

    /** How many on either side. */
    enum Cardinality {
        MANY_TO_ONE("many-to-one"),
        ONE_TO_ONE("one-to-one"),
        ONE_TO_MANY("one-to-many");

        private final String text;

        Cardinality(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
