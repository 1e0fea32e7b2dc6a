package dev.basalt.sdk.error;

import org.jspecify.annotations.Nullable;

/** The database is away, starting or busy. It heals by itself; {@link #retryAfter} says when to come back. */
public final class Unavailable extends DataException {
    Unavailable(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }

    @Override
    public boolean isRetryable() {
        return true;
    }
}
