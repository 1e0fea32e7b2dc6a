package dev.basalt.sdk.data;

import java.math.BigDecimal;
import java.time.temporal.TemporalAccessor;

/** How names and values stand in the REST dialect's lists and trees, before percent-encoding. */
final class Quoting {
    private static final String RESERVED = ",.:()\"\\{}*% \t\r\n";

    private Quoting() {}

    /** A value inside a list or a tree: in double quotes where a reserved character would end it. */
    static String value(String text) {
        boolean plain = !text.isEmpty() && text.chars().noneMatch(c -> RESERVED.indexOf(c) >= 0);
        // Unquoted, these two words are not text in every place.
        if (plain && !text.equals("null") && !text.equals("NULL")) return text;
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** A column inside a tree. Names of plain characters, JSON paths and relations' columns stay as they are. */
    static String name(String column) {
        return column.matches("[\\p{L}\\p{N}_$.>-]+") ? column : value(column);
    }

    /** A value as PostgreSQL reads it. */
    static String text(Object value) {
        return switch (value) {
            case BigDecimal number -> number.toPlainString();
            case Enum<?> constant -> constant.name();
            case CharSequence text -> text.toString();
            case Number number -> number.toString();
            case Boolean truth -> truth.toString();
            case TemporalAccessor time -> time.toString();
            case java.util.UUID id -> id.toString();
            case Character character -> character.toString();
            default ->
                throw new IllegalArgumentException(
                        "no column holds a " + value.getClass().getName());
        };
    }
}
