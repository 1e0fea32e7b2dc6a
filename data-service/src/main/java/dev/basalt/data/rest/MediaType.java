package dev.basalt.data.rest;

import dev.basalt.data.plan.Representation;
import dev.basalt.data.schema.MediaHandler;
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
    static final MediaType JSON = new MediaType(Representation.Standard.ARRAY, "application/json; charset=utf-8");
    static final MediaType ARRAY_STRIPPED = new MediaType(
            Representation.Standard.ARRAY_NULLS_STRIPPED,
            "application/vnd.pgrst.array+json;nulls=stripped; charset=utf-8");
    static final MediaType OBJECT =
            new MediaType(Representation.Standard.OBJECT, "application/vnd.pgrst.object+json; charset=utf-8");
    static final MediaType OBJECT_STRIPPED = new MediaType(
            Representation.Standard.OBJECT_NULLS_STRIPPED,
            "application/vnd.pgrst.object+json;nulls=stripped; charset=utf-8");
    static final MediaType CSV = new MediaType(Representation.Standard.CSV, "text/csv; charset=utf-8");

    private MediaType(Representation representation, String contentType) {
        this(representation, contentType, null);
    }

    /** A body whose form says nothing of its type. */
    static MediaType named(String type, Representation representation) {
        if (type.equals(MediaHandler.ANY)) {
            return new MediaType(representation, "application/octet-stream");
        }
        boolean text = type.startsWith("text/") || type.equals("application/json");
        return new MediaType(representation, text ? type + "; charset=utf-8" : type);
    }
}
