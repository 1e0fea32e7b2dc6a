package dev.basalt.functions.invoke;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where an invocation comes from.
 *
 * @param cause what led to it, in few words
 * @param qualifier the alias or version that was asked for by name
 * @param event the event that it is a delivery of
 */
public record Origin(
        String cause, @Nullable String qualifier, @Nullable UUID event) {
    /** Something that asks for the function by its plain name. */
    public static Origin of(String cause) {
        return new Origin(cause, null, null);
    }

    /**
     * Somebody who asks for a function.
     *
     * @param name {@code name}, {@code name:alias} or {@code name:version}
     */
    public static Origin named(String cause, String name) {
        var colon = name.indexOf(':');
        return new Origin(cause, colon < 0 ? null : name.substring(colon + 1), null);
    }

    /** The delivery of an event. */
    public static Origin delivery(String cause, UUID event) {
        return new Origin(cause, null, event);
    }
}
