package dev.basalt.sdk.error;

import org.jspecify.annotations.Nullable;

/** The storage service refused: no such object, not allowed, too large. */
public final class StorageException extends BasaltException {
    public StorageException(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }

    @Override
    public StorageException seenFromHere() {
        return new StorageException(failure(), this);
    }
}
