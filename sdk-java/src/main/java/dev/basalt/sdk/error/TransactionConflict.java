package dev.basalt.sdk.error;

import org.jspecify.annotations.Nullable;

/** Another transaction got in the way. Nothing was written; the same call made again may well succeed. */
public abstract sealed class TransactionConflict extends DataException {
    TransactionConflict(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }

    @Override
    public boolean isRetryable() {
        return true;
    }

    /** What was read has changed meanwhile. */
    public static final class SerializationFailure extends TransactionConflict {
        SerializationFailure(Failure failure, @Nullable Throwable cause) {
            super(failure, cause);
        }
    }

    /** Both waited for the other, and this one was ended. */
    public static final class DeadlockDetected extends TransactionConflict {
        DeadlockDetected(Failure failure, @Nullable Throwable cause) {
            super(failure, cause);
        }
    }
}
