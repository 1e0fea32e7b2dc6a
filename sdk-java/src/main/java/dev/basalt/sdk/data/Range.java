package dev.basalt.sdk.data;

import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * A range of PostgreSQL, to compare with and to write.
 *
 * @param lower {@code null} when it has no lower bound
 * @param upper {@code null} when it has no upper bound
 * @param holdsLower whether the lower bound is in it
 * @param holdsUpper whether the upper bound is in it
 */
public record Range(@Nullable Object lower, @Nullable Object upper, boolean holdsLower, boolean holdsUpper) {
    /** From a value up to another that is not in it: {@code [lower,upper)}. */
    public static Range of(@Nullable Object lower, @Nullable Object upper) {
        return new Range(lower, upper, true, false);
    }

    /** From a value to another, both in it: {@code [lower,upper]}. */
    public static Range closed(@Nullable Object lower, @Nullable Object upper) {
        return new Range(lower, upper, true, true);
    }

    /** As PostgreSQL reads it. */
    @JsonValue
    public String text() {
        return (holdsLower ? "[" : "(") + bound(lower) + "," + bound(upper) + (holdsUpper ? "]" : ")");
    }

    private static String bound(@Nullable Object value) {
        if (value == null) return "";
        String text = Quoting.text(value);
        return text.matches("[A-Za-z0-9.+-]+") ? text : Quoting.quoted(text);
    }
}
