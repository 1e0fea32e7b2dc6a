package dev.basalt.functions.worker;

import org.jspecify.annotations.Nullable;

/**
 * What one invocation printed and has not been sent yet, as a JSON array of {@code [millis, level, text]}. Bounded: past
 * the limit one line says so and the rest is counted only. Thread-safe: the isolate's thread writes, the watchdog sends.
 */
final class InvocationLog {
    private static final long HOLD_NANOS = 50_000_000L;

    private final int maxBytes;
    private final long start;
    private final StringBuilder pending = new StringBuilder();
    private int taken;
    private long oldest;
    private boolean cut;

    InvocationLog(int maxBytes) {
        this.maxBytes = maxBytes;
        this.start = System.nanoTime();
    }

    synchronized void add(int level, String text) {
        if (cut) {
            return;
        }
        taken += text.length() + 16;
        if (taken > maxBytes) {
            cut = true;
            append(2, "[log cut: more than " + maxBytes + " bytes in one invocation]");
            return;
        }
        append(level, text);
    }

    /** Answers what has not been sent yet, or null when that is nothing. */
    synchronized @Nullable String take() {
        if (pending.isEmpty()) {
            return null;
        }
        String out = "[" + pending + "]";
        pending.setLength(0);
        return out;
    }

    /** As {@link #take()}, but only once the oldest line has waited long enough to be worth a frame of its own. */
    synchronized @Nullable String takeOld() {
        return !pending.isEmpty() && System.nanoTime() - oldest > HOLD_NANOS ? take() : null;
    }

    private void append(int level, String text) {
        if (pending.isEmpty()) {
            oldest = System.nanoTime();
        } else {
            pending.append(',');
        }
        pending.append('[')
                .append((System.nanoTime() - start) / 1_000_000)
                .append(',')
                .append(level)
                .append(',');
        Json.quote(pending, text);
        pending.append(']');
    }
}
