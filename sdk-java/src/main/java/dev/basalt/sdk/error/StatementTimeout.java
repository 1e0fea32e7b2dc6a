package dev.basalt.sdk.error;

import org.jspecify.annotations.Nullable;

/** The statement ran longer than its role may, and was cancelled. */
public final class StatementTimeout extends DataException {
    StatementTimeout(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }
}
