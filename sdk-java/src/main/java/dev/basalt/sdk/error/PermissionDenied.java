package dev.basalt.sdk.error;

import org.jspecify.annotations.Nullable;

/** The caller's role has no grant for this, or row-level security refuses the row. Nothing was written. */
public final class PermissionDenied extends DataException {
    PermissionDenied(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }
}
