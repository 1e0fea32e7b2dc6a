package dev.basalt.auth.admin;

import dev.basalt.auth.wire.AuthError;
import dev.basalt.kit.error.ApiException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Pattern;

/** The durations of Go that GoTrue takes for a ban: {@code 24h}, {@code 1h30m}, {@code 2.5s}; {@code none} is zero. */
final class BanDuration {
    private static final Pattern WHOLE = Pattern.compile("(?:\\d{1,12}(?:\\.\\d{1,9})?(?:ms|s|m|h)){1,4}");
    private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|h)");
    private static final BigDecimal LONGEST_MILLIS =
            BigDecimal.valueOf(Duration.ofDays(365 * 1000).toMillis());

    private BanDuration() {}

    /** @throws ApiException {@link AuthError#VALIDATION_FAILED} */
    static Duration parse(String text) {
        if (text.equals("none")) {
            return Duration.ZERO;
        }
        if (!WHOLE.matcher(text).matches()) {
            throw ApiException.of(AuthError.VALIDATION_FAILED, "Invalid format for ban duration");
        }
        var millis = BigDecimal.ZERO;
        var parts = PART.matcher(text);
        while (parts.find()) {
            millis = millis.add(new BigDecimal(parts.group(1)).multiply(unitMillis(parts.group(2))));
        }
        if (millis.compareTo(LONGEST_MILLIS) > 0) {
            throw ApiException.of(AuthError.VALIDATION_FAILED, "A ban can't be longer than 1000 years");
        }
        return Duration.ofMillis(millis.longValue());
    }

    private static BigDecimal unitMillis(String unit) {
        return BigDecimal.valueOf(
                switch (unit) {
                    case "ms" -> 1;
                    case "s" -> 1000;
                    case "m" -> 60_000;
                    default -> 3_600_000;
                });
    }
}
