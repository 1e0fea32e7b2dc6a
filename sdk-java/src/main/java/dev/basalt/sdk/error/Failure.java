package dev.basalt.sdk.error;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a failed call.
 *
 * @param status the HTTP status, 0 when there was no answer
 * @param code the stable code of the service's dialect
 * @param message one sentence for people
 * @param details what the service added, if anything
 * @param hint what the service suggests, if anything
 * @param requestId the id the request had, if it had one
 * @param retryAfter how long the service asked to wait before the next try, if it did
 */
public record Failure(
        int status,
        String code,
        String message,
        @Nullable String details,
        @Nullable String hint,
        @Nullable String requestId,
        @Nullable Duration retryAfter) {
    /** A failure without an answer. */
    public static Failure local(String code, String message, @Nullable String requestId) {
        return new Failure(0, code, message, null, null, requestId, null);
    }

    @Override
    public String toString() {
        var text = new StringBuilder(message);
        text.append(" [").append(status == 0 ? "no answer" : status).append(' ').append(code);
        if (details != null) text.append("; ").append(details);
        if (hint != null) text.append("; hint: ").append(hint);
        if (requestId != null) text.append("; request ").append(requestId);
        return text.append(']').toString();
    }
}
