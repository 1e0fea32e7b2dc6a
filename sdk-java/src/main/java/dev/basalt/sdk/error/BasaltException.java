package dev.basalt.sdk.error;

import dev.basalt.api.ErrorCode;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call that failed: refused by one of Basalt's services, or never answered.
 *
 * <p>A closed set, so that a {@code switch} over it is complete. Compare {@link #code()}, never the message, which
 * holds all of the failure for logs. Asynchronous
 * calls complete their future with one of these too. Immutable.
 */
public abstract sealed class BasaltException extends RuntimeException
        permits AuthException,
                DataException,
                DocumentException,
                StorageException,
                FunctionException,
                TransportException {
    private final Failure failure;

    BasaltException(Failure failure, @Nullable Throwable cause) {
        super(failure.toString(), cause);
        this.failure = failure;
    }

    /** The HTTP status of the answer; 0 when there was none. */
    public int status() {
        return failure.status();
    }

    /** The stable code in the spelling of its dialect, for example {@code 23505} or {@code invalid_credentials}. */
    public String code() {
        return failure.code();
    }

    /** Whether this is the given error of the shared lists. */
    public boolean is(ErrorCode error) {
        return error.code().equals(failure.code());
    }

    /** What the service said beyond its message: the rows, names or reasons concerned. */
    public Optional<String> details() {
        return Optional.ofNullable(failure.details());
    }

    /** What the service suggests to do about it. */
    public Optional<String> hint() {
        return Optional.ofNullable(failure.hint());
    }

    /** How long the service asked to wait before the next try, if it did. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(failure.retryAfter());
    }

    /** The request's id, which is on every log line the server wrote for it. */
    public Optional<String> requestId() {
        return Optional.ofNullable(failure.requestId());
    }

    /** Everything that is known about the failure. */
    public Failure failure() {
        return failure;
    }

    /** Makes the same failure again with the caller's stack, for a caller that waited for another thread's call. */
    public abstract BasaltException seenFromHere();
}
