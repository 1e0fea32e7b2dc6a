package dev.basalt.functions.registry;

import java.util.Optional;
import java.util.regex.Pattern;

/** Which version of a function is meant. */
sealed interface Qualifier {
    /** What a plain name means. */
    Qualifier LIVE = new Alias("live");

    /** The version, or two, that a name stands for. */
    record Alias(String name) implements Qualifier {}

    /** One version by its number. */
    record Version(int version) implements Qualifier {}

    /** Reads what follows the colon behind a function's name; nothing where it is neither an alias nor a number. */
    static Optional<Qualifier> parse(String text) {
        if (Patterns.NUMBER.matcher(text).matches()) {
            return Optional.of(new Version(Integer.parseInt(text)));
        }
        return Patterns.ALIAS.matcher(text).matches() ? Optional.of(new Alias(text)) : Optional.empty();
    }

    /** What both look like. */
    final class Patterns {
        private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");
        private static final Pattern ALIAS = Pattern.compile("[a-z][a-z0-9_-]{0,62}");

        private Patterns() {}
    }
}
