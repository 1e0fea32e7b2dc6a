package dev.basalt.sdk.error;

import org.jspecify.annotations.Nullable;

/** A result of SQL has more rows or bytes than the server lets one answer have; the message names the setting. Nothing was written. */
public final class CapExceeded extends DataException {
    CapExceeded(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }
}
