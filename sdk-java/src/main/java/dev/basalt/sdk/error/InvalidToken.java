package dev.basalt.sdk.error;

import org.jspecify.annotations.Nullable;

/** The bearer is no token of this project, has expired, or is missing where one is needed. */
public final class InvalidToken extends DataException {
    InvalidToken(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }
}
