package dev.basalt.functions.invoke;

import java.util.Locale;

/** What made a function run. */
public enum InvocationKind {
    /** A request for it. */
    HTTP,
    /** A row on its way into a table. */
    BEFORE,
    /** An event. */
    AFTER,
    /** The Invoke API, whose caller waits. */
    INVOKE,
    /** The Invoke API, whose caller does not. */
    ASYNC;

    /** The name in records and in {@code ctx.kind}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
