package dev.basalt.functions.runtime;

import java.util.regex.Pattern;

/** Which header fields may be sent (RFC 9110, section 5): what a function answers is checked by it. */
public final class HttpFields {
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+\\-.^_`|~0-9A-Za-z]+");
    private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e\\x80-\\xff]*");

    private HttpFields() {}

    public static boolean isField(String name, String value) {
        return NAME.matcher(name).matches() && VALUE.matcher(value).matches();
    }
}
