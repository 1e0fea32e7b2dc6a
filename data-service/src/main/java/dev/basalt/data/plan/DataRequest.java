package dev.basalt.data.plan;

import dev.basalt.data.query.QueryShape;

/**
 * A request on a table, or on what a function returns, without its values: equal requests share one plan.
 *
 * <p>{@code schema} is the one the request names, or the first exposed; {@code counted} asks for the exact number of all
 * matching rows besides the page.
 */
public sealed interface DataRequest {
    String schema();

    String table();

    QueryShape query();

    boolean counted();

    Representation representation();

    /** Reads a page of rows. */
    record Read(
            String schema, String table, QueryShape query, RowPage page, boolean counted, Representation representation)
            implements DataRequest {}

    /** Reads a page of rows one by one, each as the text that stands for it in the representation. */
    record Lines(String schema, String table, QueryShape query, RowPage page, Representation representation)
            implements DataRequest {
        @Override
        public boolean counted() {
            return false;
        }
    }

    /** All matching rows without their values, to be counted or estimated. */
    record Matching(String schema, String table, QueryShape query) implements DataRequest {
        @Override
        public boolean counted() {
            return false;
        }

        @Override
        public Representation representation() {
            return Representation.Standard.NONE;
        }
    }

    /** Writes new rows. */
    record Insert(
            String schema,
            String table,
            QueryShape query,
            Payload payload,
            Conflict conflict,
            boolean missingAsDefault,
            boolean counted,
            Representation representation)
            implements DataRequest {}

    /** Changes rows. */
    record Update(
            String schema,
            String table,
            QueryShape query,
            RowPage page,
            Payload payload,
            boolean missingAsDefault,
            boolean counted,
            Representation representation)
            implements DataRequest {}

    /** Removes rows. */
    record Delete(
            String schema, String table, QueryShape query, RowPage page, boolean counted, Representation representation)
            implements DataRequest {}

    /** Reads whole rows and locks them until the transaction ends: the old rows of a write that a hook looks at. */
    record Lock(String schema, String table, QueryShape query, RowPage page) implements DataRequest {
        @Override
        public boolean counted() {
            return false;
        }

        @Override
        public Representation representation() {
            return Representation.Standard.ARRAY;
        }
    }

    /** Changes rows that the payload names by primary key: what a hook made of an update. */
    record Replace(
            String schema,
            String table,
            QueryShape query,
            Payload payload,
            boolean counted,
            Representation representation)
            implements DataRequest {}

    /** Removes rows that the payload names by primary key: what a hook let go. */
    record Remove(String schema, String table, QueryShape query, boolean counted, Representation representation)
            implements DataRequest {}

    /**
     * Calls a function and reads what it returns.
     *
     * @param overload which of the functions of that name
     */
    record Call(
            String schema,
            String function,
            int overload,
            QueryShape query,
            Arguments arguments,
            boolean limited,
            boolean offset,
            boolean counted,
            Representation representation)
            implements DataRequest {
        /** The function, which stands where a table would. */
        @Override
        public String table() {
            return function;
        }
    }

    /** What an insert does with a row that is already there. */
    enum Conflict {
        FAIL,
        MERGE,
        IGNORE,
        /** Changes it, and writes only the row that the filters name by primary key: {@code PUT}. */
        REPLACE
    }
}
