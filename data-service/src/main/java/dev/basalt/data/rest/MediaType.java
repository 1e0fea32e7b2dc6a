package dev.basalt.data.rest;

import dev.basalt.data.plan.Representation;
import org.jspecify.annotations.Nullable;

/**
 * What the body of an answer is.
 *
 * @param explain how the plan of the statement is shown instead of its result, or null
 */
record MediaType(
        Representation representation,
        String contentType,
        @Nullable Explain explain) {
    static final MediaType JSON = new MediaType(Representation.ARRAY, "application/json; charset=utf-8");
    static final MediaType ARRAY_STRIPPED = new MediaType(
            Representation.ARRAY_NULLS_STRIPPED, "application/vnd.pgrst.array+json;nulls=stripped; charset=utf-8");
    static final MediaType OBJECT =
            new MediaType(Representation.OBJECT, "application/vnd.pgrst.object+json; charset=utf-8");
    static final MediaType OBJECT_STRIPPED = new MediaType(
            Representation.OBJECT_NULLS_STRIPPED, "application/vnd.pgrst.object+json;nulls=stripped; charset=utf-8");
    static final MediaType CSV = new MediaType(Representation.CSV, "text/csv; charset=utf-8");

    private MediaType(Representation representation, String contentType) {
        this(representation, contentType, null);
    }

    /** The one value that a function returns, as it is. */
    static MediaType value(String contentType) {
        return new MediaType(Representation.VALUE, contentType);
    }
}
