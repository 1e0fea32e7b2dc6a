package dev.basalt.data.rules;

import dev.basalt.data.quoting.Quoted;
import dev.basalt.data.rules.SqlValue.Kind;
import io.vertx.core.json.Json;
import java.util.List;

/** The functions on strings and times. */
final class Functions {
    private final Binder binder;
    private final Conversions conversions;

    Functions(Binder binder, Conversions conversions) {
        this.binder = binder;
        this.conversions = conversions;
    }

    /**
     * The function's value.
     *
     * @param operands what it is called on, if anything, and its arguments
     */
    SqlValue call(String function, List<SqlValue> operands) {
        var first = operands.getFirst();
        var last = operands.getLast();
        return switch (function) {
            case "startsWith" ->
                SqlValue.of(Kind.BOOL, "starts_with(%s, %s)", conversions.toText(first), conversions.toText(last));
            case "contains" ->
                SqlValue.of(Kind.BOOL, "(strpos(%s, %s) > 0)", conversions.toText(first), conversions.toText(last));
            case "endsWith" ->
                binder.bind(
                        Kind.BOOL,
                        List.of(conversions.toText(first), conversions.toText(last)),
                        both -> "(right(%1$s, length(%2$s)) = %2$s)".formatted(both.getFirst(), both.getLast()));
            case "matches" -> matches(conversions.toText(first), last);
            case "timestamp" -> timestamp(first);
            case "duration" -> Arithmetic.seconds(Kind.DURATION, TimeLiterals.duration(constant(last, "A duration")));
            default -> throw new InexpressibleException("A rule can't use the function " + function + "().");
        };
    }

    private static SqlValue matches(SqlValue text, SqlValue pattern) {
        var translated = RegularExpression.translate(constant(pattern, "A pattern"));
        return SqlValue.of(
                Kind.BOOL, "(%s COLLATE \"C\" ~ %s)", text, SqlValue.read(Kind.STRING, Quoted.literal(translated), 0));
    }

    private static String constant(SqlValue value, String what) {
        if (value.kind() != Kind.STRING || value.constant() == null) {
            throw new InexpressibleException(
                    what + " must stand in the rule as a string, so that it can be checked now.");
        }
        return (String) Json.decodeValue(value.constant());
    }

    private SqlValue timestamp(SqlValue value) {
        return switch (value.kind()) {
            case TIMESTAMP -> value;
            case STRING ->
                value.constant() == null
                        ? binder.bind(Kind.TIMESTAMP, value, Functions::read)
                        : Arithmetic.seconds(Kind.TIMESTAMP, TimeLiterals.timestamp(constant(value, "A timestamp")));
            case INT -> SqlValue.of(Kind.TIMESTAMP, Arithmetic.timestamp("%s"), value);
            case JSON ->
                binder.bind(Kind.TIMESTAMP, value, v -> {
                    var json = SqlValue.read(Kind.JSON, v, 0);
                    var text = binder.bind(Kind.TIMESTAMP, conversions.toText(json), Functions::read);
                    var seconds = binder.bind(
                            Kind.TIMESTAMP,
                            conversions.toNumber(json),
                            n -> "CASE WHEN " + Arithmetic.isInt(n) + " THEN " + Arithmetic.timestamp(n) + " END");
                    return "coalesce(" + text.sql() + ", " + seconds.sql() + ")";
                });
            case BOOL, DOUBLE, NUMBER, DURATION ->
                throw new InexpressibleException("A timestamp is made of a string or of an int, not of a "
                        + value.kind().celName() + ".");
        };
    }

    /** Nothing reaches the cast that PostgreSQL would not take; it rounds to microseconds, so the fraction goes apart. */
    private static String read(String text) {
        var seconds = "(left(%1$s, 19) || substring(%1$s FROM '(Z|[+-][0-9:]{5})$'))".formatted(text);
        var epoch =
                "(extract(epoch FROM %2$s::timestamptz) + coalesce(substring(%1$s FROM '[.][0-9]+'), '.0')::numeric)"
                        .formatted(text, seconds);
        return "CASE WHEN %s ~ %s AND pg_input_is_valid(%s, 'timestamptz') THEN %s END"
                .formatted(text, Quoted.literal(TimeLiterals.TIMESTAMP), seconds, Arithmetic.timestamp(epoch));
    }
}
