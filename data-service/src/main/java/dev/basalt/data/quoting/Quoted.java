package dev.basalt.data.quoting;

import java.nio.charset.StandardCharsets;

/** The one way in which text becomes part of SQL: inside quotes that it can't leave. Stateless. */
public final class Quoted {
    private Quoted() {}

    /** Whether PostgreSQL can hold the text: no NUL, and no half of a surrogate pair. */
    public static boolean isText(String text) {
        return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /** An identifier. */
    public static String name(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /** A string constant, the same whatever {@code standard_conforming_strings} says. */
    public static String literal(String text) {
        var doubled = text.replace("'", "''");
        return text.indexOf('\\') < 0 ? "'" + doubled + "'" : "E'" + doubled.replace("\\", "\\\\") + "'";
    }
}
