package dev.basalt.sdk.error;

import org.jspecify.annotations.Nullable;

/** The auth service refused: wrong credentials, a used refresh token, a weak password. */
public final class AuthException extends BasaltException {
    public AuthException(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }

    @Override
    public AuthException seenFromHere() {
        return new AuthException(failure(), this);
    }
}
