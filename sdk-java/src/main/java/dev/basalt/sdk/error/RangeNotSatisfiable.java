package dev.basalt.sdk.error;

import org.jspecify.annotations.Nullable;

/** An offset beyond the last row, or a limit below zero. */
public final class RangeNotSatisfiable extends DataException {
    RangeNotSatisfiable(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }
}
