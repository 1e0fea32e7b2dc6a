package dev.basalt.sdk.http;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** When a call is tried again: a bounded number of times, after pauses that double, with jitter. Immutable. */
record Retry(ClientOptions options) {
    /**
     * The pause before the next try.
     *
     * @param triesSoFar 1 after the first
     * @param asked what {@code Retry-After} said, if anything
     * @return nothing when there is to be no other try
     */
    Optional<Duration> pause(int triesSoFar, @Nullable Duration asked) {
        return pause(triesSoFar, options.maxRetries(), asked);
    }

    /** As {@link #pause(int, Duration)}, with a bound of its own. */
    Optional<Duration> pause(int triesSoFar, int maxRetries, @Nullable Duration asked) {
        if (triesSoFar > maxRetries) return Optional.empty();
        if (asked != null && asked.compareTo(options.maxRetryDelay()) > 0) return Optional.empty();
        long ceiling = Math.min(
                options.maxRetryDelay().toMillis(), options.retryDelay().toMillis() << Math.min(triesSoFar - 1, 20));
        // Half fixed, half random: clients that failed together do not come back together.
        long own = ceiling / 2 + ThreadLocalRandom.current().nextLong(ceiling / 2 + 1);
        return Optional.of(Duration.ofMillis(asked == null ? own : asked.toMillis() + own / 4));
    }

    /** Reads {@code Retry-After} (RFC 9110, section 10.2.3): seconds or a date. Nonsense counts as absent. */
    static @Nullable Duration after(Optional<String> header, Clock clock) {
        if (header.isEmpty()) return null;
        String value = header.get().trim();
        if (value.matches("\\d{1,9}")) return Duration.ofSeconds(Long.parseLong(value));
        try {
            Duration left = Duration.between(
                    clock.instant(),
                    ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
            return left.isNegative() ? Duration.ZERO : left;
        } catch (DateTimeException nonsense) {
            return null;
        }
    }
}
