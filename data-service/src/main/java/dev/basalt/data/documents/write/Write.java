package dev.basalt.data.documents.write;

import dev.basalt.data.documents.DocumentError;
import dev.basalt.data.documents.DocumentPath;
import dev.basalt.kit.error.ApiException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One write of a document. Immutable.
 *
 * @param index which write of its commit it is, from 0; {@link #ALONE} if it is no part of one
 * @param data the document, the merge patch or the JSON patch as JSON text; null for a deletion
 * @param transforms a JSON array of transforms that apply to the document so written, or null
 * @param must what must be there before
 * @param versions if not empty, the versions of which the document must have one
 * @param otherwise the error when it is not as it must be
 */
record Write(
        int index,
        Op op,
        DocumentPath path,
        @Nullable String data,
        @Nullable String transforms,
        Must must,
        List<Long> versions,
        DocumentError otherwise) {
    /** The index of a write that is no part of a commit. */
    static final int ALONE = -1;

    /** What becomes of the document. */
    enum Op {
        /** It is what is given. */
        SET,
        /** It is merged with what is given (RFC 7396); an absent one counts as empty. */
        MERGE,
        /** It is patched (RFC 6902). */
        PATCH,
        /** It is gone. */
        DELETE
    }

    /** What must be there before a write. */
    enum Must {
        ANY,
        PRESENT,
        ABSENT
    }

    Write {
        versions = List.copyOf(versions);
    }

    /** Whether the document is known without the one that is there. */
    boolean isWhole() {
        return op == Op.SET && transforms == null;
    }

    /** The refusal when the document is not as it must be. */
    ApiException refused() {
        return located(ApiException.of(otherwise));
    }

    /** A refusal that says which write of the commit it is about. */
    ApiException located(ApiException refusal) {
        return index == ALONE ? refusal : refusal.with("write", index).with("path", path.toString());
    }

    /**
     * This write with an outcome that was worked out from the document as it was read.
     *
     * @param document what to write; null deletes
     * @param version the version that was read, or null if there was no document
     */
    Write workedOut(@Nullable String document, @Nullable Long version) {
        return new Write(
                index,
                document == null ? Op.DELETE : Op.SET,
                path,
                document,
                null,
                version == null ? Must.ABSENT : Must.PRESENT,
                version == null ? List.of() : List.of(version),
                DocumentError.CONFLICT);
    }
}
