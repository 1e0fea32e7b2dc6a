package dev.basalt.data.documents.collection;

import org.jspecify.annotations.Nullable;

/**
 * A collection and what was declared for it. Immutable.
 *
 * @param schema what its documents must match, or null
 * @param expires whether documents of it expire
 */
public record Collection(String name, @Nullable DocumentSchema schema, boolean expires) {}
