package dev.basalt.sdk.error;

import org.jspecify.annotations.Nullable;

/** A function that writes was called in a transaction that can't. */
public final class ReadOnlyTransaction extends DataException {
    ReadOnlyTransaction(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }
}
