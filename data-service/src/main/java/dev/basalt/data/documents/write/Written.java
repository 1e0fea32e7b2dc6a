package dev.basalt.data.documents.write;

import dev.basalt.kit.project.DataTrigger.Operation;
import org.jspecify.annotations.Nullable;

/**
 * What became of a write.
 *
 * @param operation null when a document was to be deleted that was not there
 * @param version the document's, or the one that was deleted
 * @param envelope the document as clients see it; null after a deletion, and where nobody asked
 */
record Written(
        Write write,
        @Nullable Operation operation,
        long version,
        @Nullable String envelope) {}
