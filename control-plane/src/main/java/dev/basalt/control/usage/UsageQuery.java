package dev.basalt.control.usage;

import dev.basalt.control.project.PlatformError;
import dev.basalt.kit.error.ApiException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which usage is asked for.
 *
 * @param from inclusive, RFC 3339
 * @param to exclusive, RFC 3339
 * @param granularity {@code minute}, {@code hour} or {@code day}, in UTC
 */
record UsageQuery(Instant from, Instant to, String granularity) {
    private static final Set<String> GRANULARITIES = Set.of("minute", "hour", "day");
    private static final int MAX_ROWS_SPAN_MINUTES = 10_000;

    /**
     * Reads the parameters; without any, the last 24 hours by hour.
     *
     * @throws ApiException {@link PlatformError#INVALID_FIELD}
     */
    static UsageQuery parse(@Nullable String from, @Nullable String to, @Nullable String granularity, Instant now) {
        var step = granularity == null ? "hour" : granularity;
        if (!GRANULARITIES.contains(step)) {
            throw invalid("granularity must be minute, hour or day");
        }
        var end = to == null ? now.plus(1, ChronoUnit.MINUTES) : time("to", to);
        var start = from == null ? end.minus(1, ChronoUnit.DAYS) : time("from", from);
        if (!start.isBefore(end)) {
            throw invalid("from must be before to");
        }
        if (step.equals("minute") && Duration.between(start, end).toMinutes() > MAX_ROWS_SPAN_MINUTES) {
            throw invalid("by minute, from and to may be " + MAX_ROWS_SPAN_MINUTES + " minutes apart");
        }
        return new UsageQuery(start, end, step);
    }

    private static Instant time(String name, String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException malformed) {
            throw invalid(name + " must be a time like 2026-01-31T00:00:00Z");
        }
    }

    private static ApiException invalid(String detail) {
        return ApiException.of(PlatformError.INVALID_FIELD, detail);
    }
}
