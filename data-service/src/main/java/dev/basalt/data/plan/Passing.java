package dev.basalt.data.plan;

import dev.basalt.data.schema.PgType;

/** Where the arguments of a call come from. */
public enum Passing {
    /** The query string of a GET. */
    QUERY(""),
    /** A form in the body. */
    FORM(""),
    /** A JSON body: an object of arguments, or a single argument that takes all of it. */
    JSON("json/jsonb"),
    /** A text as the single argument. */
    TEXT("text"),
    /** An XML document as the single argument. */
    XML("xml"),
    /** Bytes as the single argument. */
    BINARY("bytea");

    private final String single;

    Passing(String single) {
        this.single = single;
    }

    /** Whether nothing but a single unnamed parameter will do. */
    boolean isRaw() {
        return this == TEXT || this == XML || this == BINARY;
    }

    /** The type of a single unnamed parameter, as it is told to people. */
    String single() {
        return single;
    }

    /** Whether a single unnamed parameter of that type takes the body. */
    boolean isTakenBy(PgType type) {
        return switch (this) {
            case QUERY, FORM -> false;
            case JSON -> type.family() == PgType.Family.JSON || type.family() == PgType.Family.JSONB;
            case TEXT, XML, BINARY -> type.sqlName().equals("pg_catalog." + single);
        };
    }
}
