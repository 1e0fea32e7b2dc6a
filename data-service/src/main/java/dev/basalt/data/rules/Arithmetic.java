package dev.basalt.data.rules;

import dev.basalt.data.quoting.Quoted;
import dev.basalt.data.rules.SqlValue.Kind;
import java.math.BigDecimal;
import java.util.List;

/**
 * Arithmetic that never raises: ints are exact within 64 bits, as {@code numeric}; doubles are {@code float8} between 1e-150
 * and 1e150, where no operation overflows. Beyond that, and by zero, is an error.
 */
final class Arithmetic {
    private static final Range INTS = new Range("-9223372036854775808", "9223372036854775807");

    /** The years 1 to 9999, as CEL has them. */
    private static final Range TIMESTAMPS = new Range("-62135596800", "253402300799.999999999");

    private static final Range DURATIONS = new Range("-315576000000", "315576000000");

    /** 64 bits of nanoseconds: what CEL has between two timestamps. */
    private static final Range DIFFERENCES = new Range("-9223372036.854775808", "9223372036.854775807");

    private record Range(String least, String most) {
        /** The number, or NULL outside the range: what is beyond is cut to one beyond, and that taken away. */
        String limit(String number) {
            var below = new BigDecimal(least).subtract(BigDecimal.ONE);
            var above = new BigDecimal(most).add(BigDecimal.ONE);
            return "nullif(nullif(least(greatest(%1$s, %2$s), %3$s), %2$s), %3$s)".formatted(number, below, above);
        }
    }

    private final Binder binder;
    private final Conversions conversions;

    Arithmetic(Binder binder, Conversions conversions) {
        this.binder = binder;
        this.conversions = conversions;
    }

    /** An int constant. */
    static SqlValue constant(long value) {
        return SqlValue.constant(Kind.INT, "'" + value + "'::numeric", Long.toString(value));
    }

    /** A double constant, with a fraction digit even where it is whole. */
    static SqlValue constant(double value) {
        if (!Double.isFinite(value)) {
            throw new InexpressibleException("A number must be finite.");
        }
        var decimal = new BigDecimal(Double.toString(value));
        var digits = decimal.setScale(Math.max(1, decimal.scale())).toPlainString();
        return SqlValue.constant(Kind.DOUBLE, "'" + digits + "'::numeric", digits);
    }

    SqlValue negate(SqlValue operand) {
        if (operand.kind() == Kind.DURATION) {
            return SqlValue.of(Kind.DURATION, "(-%s)", operand);
        }
        var number = conversions.toNumber(operand);
        // The least int has no counterpart.
        return SqlValue.of(number.kind(), "(-nullif(%s, " + INTS.least + "))", number);
    }

    /** {@code left operator right}, the operator one of {@code + - * / %}. */
    SqlValue calculate(char operator, SqlValue left, SqlValue right) {
        if (left.kind().isTime() || right.kind().isTime()) {
            return time(operator, left, right);
        }
        if (operator == '+') {
            if (left.kind() == Kind.STRING || right.kind() == Kind.STRING) {
                return SqlValue.of(Kind.STRING, "(%s || %s)", conversions.toText(left), conversions.toText(right));
            }
            if (left.kind() == Kind.JSON && right.kind() == Kind.JSON) {
                return add(left, right);
            }
        }
        return numbers(operator, conversions.toNumber(left), conversions.toNumber(right));
    }

    /** Numbers, strings or lists, as they turn out. */
    private SqlValue add(SqlValue left, SqlValue right) {
        return binder.bind(Kind.JSON, List.of(left, right), both -> {
            var l = SqlValue.read(Kind.JSON, both.getFirst(), 0);
            var r = SqlValue.read(Kind.JSON, both.getLast(), 0);
            return "CASE WHEN jsonb_typeof(%1$s) = 'array' AND jsonb_typeof(%2$s) = 'array' THEN %1$s || %2$s ELSE coalesce(to_jsonb(%3$s), to_jsonb(%4$s)) END"
                    .formatted(
                            l.sql(),
                            r.sql(),
                            numbers('+', conversions.toNumber(l), conversions.toNumber(r))
                                    .sql(),
                            SqlValue.of(Kind.STRING, "(%s || %s)", conversions.toText(l), conversions.toText(r))
                                    .sql());
        });
    }

    private SqlValue numbers(char operator, SqlValue left, SqlValue right) {
        if (left.kind() == Kind.INT && right.kind() == Kind.INT) {
            return SqlValue.of(Kind.INT, ints(operator, "%1$s", "%2$s"), left, right);
        }
        if (operator == '%') {
            return binder.bind(
                    Kind.INT,
                    List.of(left, right),
                    both -> "CASE WHEN %s AND %s THEN %s END"
                            .formatted(
                                    isInt(both.getFirst()),
                                    isInt(both.getLast()),
                                    ints(operator, both.getFirst(), both.getLast())));
        }
        if (left.kind() == Kind.DOUBLE || right.kind() == Kind.DOUBLE) {
            return binder.bind(
                    Kind.DOUBLE, List.of(left, right), both -> doubles(operator, both.getFirst(), both.getLast()));
        }
        return binder.bind(
                Kind.NUMBER,
                List.of(left, right),
                both -> "CASE WHEN %s AND %s THEN %s ELSE %s END"
                        .formatted(
                                isInt(both.getFirst()),
                                isInt(both.getLast()),
                                ints(operator, both.getFirst(), both.getLast()),
                                doubles(operator, both.getFirst(), both.getLast())));
    }

    /** Whether a {@code numeric} is an int. */
    static String isInt(String number) {
        return "(scale(%1$s) = 0 AND %1$s BETWEEN %2$s AND %3$s)".formatted(number, INTS.least, INTS.most);
    }

    private static String ints(char operator, String left, String right) {
        return switch (operator) {
            case '/' -> INTS.limit("div(" + left + ", nullif(" + right + ", 0))");
            case '%' -> "mod(" + left + ", nullif(" + right + ", 0))";
            default -> INTS.limit("(" + left + " " + operator + " " + right + ")");
        };
    }

    /** Brought back to {@code numeric} with a fraction digit, by its shortest decimal. */
    private static String doubles(char operator, String left, String right) {
        var divisor = operator == '/' ? "nullif(" + right + ", 0)" : right;
        return "((%s %s %s)::text::numeric + 0.0)".formatted(safe(left), operator, safe(divisor));
    }

    private static String safe(String number) {
        return "CASE WHEN %1$s = 0 OR abs(%1$s) BETWEEN '1e-150'::numeric AND '1e150'::numeric THEN %1$s::float8 END"
                .formatted(number);
    }

    /** Seconds since 1970 as a timestamp. */
    static String timestamp(String seconds) {
        return TIMESTAMPS.limit(seconds);
    }

    private static SqlValue time(char operator, SqlValue left, SqlValue right) {
        var sum = "(%s " + operator + " %s)";
        boolean durations = left.kind() == Kind.DURATION && right.kind() == Kind.DURATION;
        if (durations && (operator == '+' || operator == '-')) {
            return SqlValue.of(Kind.DURATION, DURATIONS.limit(sum), left, right);
        }
        if (operator == '-' && left.kind() == Kind.TIMESTAMP && right.kind() == Kind.TIMESTAMP) {
            return SqlValue.of(Kind.DURATION, DIFFERENCES.limit(sum), left, right);
        }
        boolean moved = left.kind() == Kind.TIMESTAMP && right.kind() == Kind.DURATION;
        boolean swapped = left.kind() == Kind.DURATION && right.kind() == Kind.TIMESTAMP;
        if ((moved && (operator == '+' || operator == '-')) || (swapped && operator == '+')) {
            return SqlValue.of(Kind.TIMESTAMP, timestamp(sum), left, right);
        }
        throw new InexpressibleException("There is no %s %s %s."
                .formatted(left.kind().celName(), operator, right.kind().celName()));
    }

    /** A constant of seconds. */
    static SqlValue seconds(Kind kind, BigDecimal seconds) {
        return SqlValue.read(kind, Quoted.literal(seconds.toPlainString()) + "::numeric", 0);
    }
}
