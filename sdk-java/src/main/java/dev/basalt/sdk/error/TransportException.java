package dev.basalt.sdk.error;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** No usable answer came: whether the server did the work is unknown unless {@link #reason()} is {@code UNREACHABLE}. */
public final class TransportException extends BasaltException {
    /** Why there is no usable answer. */
    public enum Reason {
        /** No connection could be made; the server saw nothing. */
        UNREACHABLE,
        /** The connection broke before the answer was complete. */
        BROKEN,
        /** The answer was not complete within the configured time. */
        TIMEOUT,
        /** The waiting thread was interrupted; its interrupt flag is set. */
        INTERRUPTED,
        /** An answer came that is none of Basalt's: for example a proxy's page. */
        INVALID_ANSWER,
        /** The value given cannot be written as JSON, or its file cannot be read; nothing was sent. */
        INVALID_REQUEST
    }

    private final Reason reason;

    public TransportException(Reason reason, String message, @Nullable String requestId, @Nullable Throwable cause) {
        this(reason, Failure.local(reason.name().toLowerCase(Locale.ROOT), message, requestId), cause);
    }

    private TransportException(Reason reason, Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    @Override
    public TransportException seenFromHere() {
        return new TransportException(reason, failure(), this);
    }
}
