package dev.basalt.sdk.error;

import org.jspecify.annotations.Nullable;

/** The data service refused: an SQLSTATE or a PGRST code says why. */
public final class DataException extends BasaltException {
    public DataException(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }

    @Override
    public DataException seenFromHere() {
        return new DataException(failure(), this);
    }
}
