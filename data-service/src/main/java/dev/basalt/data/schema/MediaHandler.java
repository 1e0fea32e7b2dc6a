package dev.basalt.data.schema;

import org.jspecify.annotations.Nullable;

/**
 * An aggregate that makes a body of rows, because its result is of a domain that is named as a media type.
 *
 * @param mediaType the domain's name in lower case
 * @param function the aggregate as quoted, schema-qualified SQL
 * @param rowType the row type that it takes, as SQL, or null when it takes any row
 * @param bytes whether its result is bytes rather than text
 */
public record MediaHandler(
        String mediaType, String function, @Nullable String rowType, boolean bytes) {
    /** The domain's name that stands for whatever a client accepts. */
    public static final String ANY = "*/*";
}
