package dev.basalt.data.plan;

/** The form in which PostgreSQL builds the body. */
public enum Representation {
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
    VALUE;

    /** Whether any size but one row is refused. */
    public boolean isSingular() {
        return this == OBJECT || this == OBJECT_NULLS_STRIPPED;
    }

    /** Whether rows are written into the body. */
    public boolean hasBody() {
        return this != NONE && this != LOCATION;
    }
}
