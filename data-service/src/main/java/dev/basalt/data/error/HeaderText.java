package dev.basalt.data.error;

import java.util.regex.Pattern;

/** Response headers that SQL words. */
public final class HeaderText {
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private HeaderText() {}

    /** Whether they can stand in an answer (RFC 9110, section 5). */
    public static boolean isHeader(String name, String value) {
        return NAME.matcher(name).matches() && value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 127));
    }
}
