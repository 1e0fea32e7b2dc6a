package dev.basalt.data.plan;

import dev.basalt.data.schema.MediaHandler;

/** The form in which PostgreSQL builds the body. */
public sealed interface Representation {
    /** Whether any size but one row is refused. */
    default boolean isSingular() {
        return this == Standard.OBJECT || this == Standard.OBJECT_NULLS_STRIPPED;
    }

    /** Whether rows are written into the body. */
    default boolean hasBody() {
        return this != Standard.NONE && this != Standard.LOCATION;
    }

    /** The forms that need nothing of the project's. */
    enum Standard implements Representation {
        /** None at all: HEAD, or a write that returns nothing. */
        NONE,
        /** None, but where the written row is ({@code return=headers-only}). */
        LOCATION,
        /** A JSON array of the rows. */
        ARRAY,
        /** A JSON array of the rows without their null members. */
        ARRAY_NULLS_STRIPPED,
        /** One JSON object; a result of any other size than one row is refused. */
        OBJECT,
        /** One JSON object without its null members. */
        OBJECT_NULLS_STRIPPED,
        /** Comma-separated values with a header line. */
        CSV,
        /** The bytes or the text of the one value that a function returns. */
        VALUE
    }

    /** What an aggregate of the project's makes of the rows. */
    record Handled(MediaHandler handler) implements Representation {}

    /**
     * A GeoJSON feature collection.
     *
     * @param function makes a feature of a row; quoted, schema-qualified SQL
     */
    record GeoJson(String function) implements Representation {}
}
