package dev.basalt.sdk.error;

import org.jspecify.annotations.Nullable;

/** A value that is none of its column's or argument's type, or out of the type's bounds. */
public final class InvalidValue extends DataException {
    InvalidValue(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }
}
