package dev.basalt.data.documents.collection;

import dev.basalt.data.documents.IndexKey;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A collection and what was declared for it. Immutable.
 *
 * @param schema what its documents must match, or null
 * @param expires whether documents of it expire
 * @param indexes the keys of each of its indexes that is whole, whoever made it
 */
public record Collection(String name, @Nullable DocumentSchema schema, boolean expires, Set<List<IndexKey>> indexes) {
    public Collection {
        indexes = Set.copyOf(indexes);
    }
}
