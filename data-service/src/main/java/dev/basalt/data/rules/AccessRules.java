package dev.basalt.data.rules;

import org.jspecify.annotations.Nullable;

/**
 * The rules of a collection, each a CEL expression; what has no rule is allowed to nobody but the service. Immutable.
 *
 * @param read who may read a stored document
 * @param create who may create a document
 * @param update who may change a stored document, and to what
 * @param delete who may delete a stored document
 */
public record AccessRules(
        @Nullable String read,
        @Nullable String create,
        @Nullable String update,
        @Nullable String delete) {
    /** No rules: nobody but the service. */
    public static final AccessRules NONE = new AccessRules(null, null, null, null);
}
