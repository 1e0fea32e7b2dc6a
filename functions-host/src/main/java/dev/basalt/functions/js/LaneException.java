package dev.basalt.functions.js;

import dev.basalt.functions.runtime.Failure;
import org.jspecify.annotations.Nullable;

/** A failure of the lane below the instances, with the kind that calls see. */
final class LaneException extends Exception {
    private final Failure.Kind kind;

    LaneException(Failure.Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.kind = kind;
    }

    Failure.Kind kind() {
        return kind;
    }
}
