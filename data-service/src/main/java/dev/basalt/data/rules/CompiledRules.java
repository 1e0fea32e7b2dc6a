package dev.basalt.data.rules;

import org.jspecify.annotations.Nullable;

/**
 * The rules of a collection as SQL conditions; null where nobody may. They allow what is true and deny what is false or
 * NULL. Immutable.
 *
 * @param read over the columns of the stored row
 * @param create over those of the new row
 * @param delete over those of the stored row
 */
public record CompiledRules(
        @Nullable String read,
        @Nullable String create,
        @Nullable Update update,
        @Nullable String delete) {

    /**
     * An update rule in parts, of which all must be true.
     *
     * @param stored over the columns of the stored row
     * @param written over the columns of the row that replaces it
     * @param change over the columns of both, as {@code old.…} and {@code new.…}; null if no part needs both
     */
    public record Update(
            String stored, String written, @Nullable String change) {}
}
