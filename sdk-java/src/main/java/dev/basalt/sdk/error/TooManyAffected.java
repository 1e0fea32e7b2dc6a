package dev.basalt.sdk.error;

import org.jspecify.annotations.Nullable;

/** A write would have affected more rows than it was allowed to. Nothing was written. */
public final class TooManyAffected extends DataException {
    TooManyAffected(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }
}
