package dev.basalt.data.rules;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.regex.Pattern;

/** The texts that {@code timestamp(…)} and {@code duration(…)} take, as seconds. Stateless. */
final class TimeLiterals {
    /** RFC 3339 as both Java and PostgreSQL read it. */
    static final String TIMESTAMP =
            "^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])$";

    private static final Pattern TIMESTAMP_PATTERN = Pattern.compile(TIMESTAMP);
    private static final Pattern DURATION =
            Pattern.compile("(-?)((?:[0-9]{1,15}(?:\\.[0-9]{1,9})?(?:h|ms|m|s|us|µs|ns))+)");
    private static final Pattern PART = Pattern.compile("([0-9.]+)([a-zµ]+)");
    private static final BigDecimal LONGEST = BigDecimal.valueOf(315_576_000_000L);
    private static final Map<String, BigDecimal> UNITS = Map.of(
            "h", BigDecimal.valueOf(3600),
            "m", BigDecimal.valueOf(60),
            "s", BigDecimal.ONE,
            "ms", BigDecimal.valueOf(1, 3),
            "us", BigDecimal.valueOf(1, 6),
            "µs", BigDecimal.valueOf(1, 6),
            "ns", BigDecimal.valueOf(1, 9));

    private TimeLiterals() {}

    /** Seconds since 1970. */
    static BigDecimal timestamp(String text) {
        if (!TIMESTAMP_PATTERN.matcher(text).matches()) {
            throw noTimestamp();
        }
        try {
            var instant = OffsetDateTime.parse(text).toInstant();
            if (instant.getEpochSecond() < -62_135_596_800L || instant.getEpochSecond() > 253_402_300_799L) {
                throw noTimestamp();
            }
            return BigDecimal.valueOf(instant.getEpochSecond()).add(BigDecimal.valueOf(instant.getNano(), 9));
        } catch (DateTimeException noDate) {
            throw noTimestamp();
        }
    }

    /** Seconds. */
    static BigDecimal duration(String text) {
        var match = DURATION.matcher(text);
        if (!match.matches()) {
            throw new InexpressibleException(
                    "A duration reads like \"1h30m\" or \"-0.5s\", in h, m, s, ms, us and ns.");
        }
        var seconds = BigDecimal.ZERO;
        for (var part : PART.matcher(match.group(2)).results().toList()) {
            seconds = seconds.add(new BigDecimal(part.group(1)).multiply(UNITS.get(part.group(2))));
        }
        if (seconds.compareTo(LONGEST) > 0) {
            throw new InexpressibleException("A duration is at most 10,000 years.");
        }
        var whole = seconds.setScale(9, RoundingMode.DOWN);
        return match.group(1).isEmpty() ? whole : whole.negate();
    }

    private static InexpressibleException noTimestamp() {
        return new InexpressibleException(
                "A timestamp reads like \"2026-01-31T12:00:00Z\" (RFC 3339), in the years 1 to 9999.");
    }
}
