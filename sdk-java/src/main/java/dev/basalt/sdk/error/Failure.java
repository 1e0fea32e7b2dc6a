package dev.basalt.sdk.error;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
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
 * @param members what else the answer tells by name, as text, numbers, truth values, lists and maps: for example {@code pointer},
 *     {@code write}, {@code sqlstate}
 */
public record Failure(
        int status,
        String code,
        String message,
        @Nullable String details,
        @Nullable String hint,
        @Nullable String requestId,
        @Nullable Duration retryAfter,
        Map<String, Object> members) {
    public Failure {
        members = Map.copyOf(members);
    }

    /** A failure that tells nothing else. */
    public Failure(
            int status,
            String code,
            String message,
            @Nullable String details,
            @Nullable String hint,
            @Nullable String requestId,
            @Nullable Duration retryAfter) {
        this(status, code, message, details, hint, requestId, retryAfter, Map.of());
    }

    /** A failure without an answer. */
    public static Failure local(String code, String message, @Nullable String requestId) {
        return new Failure(0, code, message, null, null, requestId, null);
    }

    /** A text that the answer tells by name. */
    Optional<String> text(String name) {
        return members.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** A number from 0 that the answer tells by name. */
    OptionalInt index(String name) {
        return members.get(name) instanceof Number number ? OptionalInt.of(number.intValue()) : OptionalInt.empty();
    }

    @Override
    public String toString() {
        var text = new StringBuilder(message);
        text.append(" [").append(status == 0 ? "no answer" : status).append(' ').append(code);
        if (details != null) text.append("; ").append(details);
        if (hint != null) text.append("; hint: ").append(hint);
        new TreeMap<>(members)
                .forEach((name, value) ->
                        text.append("; ").append(name).append(' ').append(value));
        if (requestId != null) text.append("; request ").append(requestId);
        return text.append(']').toString();
    }
}
