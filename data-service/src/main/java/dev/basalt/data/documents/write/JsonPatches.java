package dev.basalt.data.documents.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.flipkart.zjsonpatch.InvalidJsonPatchException;
import com.flipkart.zjsonpatch.JsonPatch;
import com.flipkart.zjsonpatch.JsonPatchApplicationException;
import dev.basalt.data.documents.DocumentError;
import dev.basalt.data.documents.StrictJson;
import dev.basalt.kit.error.ApiException;
import io.vertx.core.buffer.Buffer;
import java.util.Objects;

/** JSON patches (RFC 6902). Stateless. */
final class JsonPatches {
    /** A patch wraps the values that it adds in an operation and a list. */
    private static final int DEPTH = StrictJson.MAX_DEPTH + 2;

    private JsonPatches() {}

    /** The text of a body that is a patch. */
    static String read(Buffer body) {
        return read(StrictJson.tree(body, DEPTH));
    }

    /** The text of a patch; {@link DocumentError#INVALID_PATCH} if it is none. */
    static String read(JsonNode patch) {
        try {
            JsonPatch.validate(patch);
        } catch (InvalidJsonPatchException invalid) {
            throw refused(invalid);
        }
        return patch.toString();
    }

    /** The document after a patch; {@link DocumentError#INVALID_PATCH} if it can't be applied. */
    static String apply(String patch, String document) {
        JsonNode patched;
        try {
            patched = JsonPatch.apply(StrictJson.parse(patch), StrictJson.parse(document));
        } catch (JsonPatchApplicationException impossible) {
            throw refused(impossible);
        }
        return StrictJson.document(patched, "");
    }

    private static ApiException refused(RuntimeException failure) {
        return ApiException.of(
                DocumentError.INVALID_PATCH,
                Objects.requireNonNullElse(failure.getMessage(), DocumentError.INVALID_PATCH.title()));
    }
}
