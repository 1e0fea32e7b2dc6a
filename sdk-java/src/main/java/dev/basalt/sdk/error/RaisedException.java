package dev.basalt.sdk.error;

import org.jspecify.annotations.Nullable;

/** A function or trigger refused by {@code raise exception}; the message is its own. */
public final class RaisedException extends DataException {
    RaisedException(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }
}
