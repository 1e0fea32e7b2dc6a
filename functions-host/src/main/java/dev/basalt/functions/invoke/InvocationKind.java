package dev.basalt.functions.invoke;

import java.util.Locale;

/** What made a function run. */
public enum InvocationKind {
    HTTP,
    BEFORE,
    AFTER;

    /** The name in records and in {@code ctx.kind}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
