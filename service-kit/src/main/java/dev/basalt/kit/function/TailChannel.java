package dev.basalt.kit.function;

/**
 * How whoever follows a project's functions hears of them: by PostgreSQL's notifications on the control database, because the
 * two may be different processes. Function hosts say nothing of a project that nobody asked for lately.
 *
 * <p>Messages are JSON with a member {@code project} (its id) and one of:
 *
 * <ul>
 *   <li>a line: {@code function, invocation, at} (milliseconds since the epoch), {@code level} (0 debug to 3 error), {@code text};
 *   <li>records that are written: {@code function, ended: [id]};
 *   <li>lines left out: {@code dropped} (their number).
 * </ul>
 */
public final class TailChannel {
    /** Says that somebody follows a project for the next {@link #ASK_MILLIS}; the payload is its id. */
    public static final String ASKED = "basalt_tail_asked";

    /** What happened. */
    public static final String MESSAGES = "basalt_tail";

    /** How long asking once lasts. */
    public static final long ASK_MILLIS = 30_000;

    private TailChannel() {}
}
