package dev.basalt.kit.database;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Which statements have been quick lately. Statements are told apart by a hash: two that fall together count as one, and are
 * quick only if both are. Thread-safe.
 */
final class Paces {
    private static final long QUICK_NANOS = 10_000_000;
    private static final long SLOW_NANOS = 50_000_000;
    /** Quick runs count one, slow ones take two away: a machine that is busy makes some of them slow. */
    private static final int MOST = 32;

    private static final int QUICK = MOST / 2;
    private static final int SLOTS = 256;

    private final AtomicIntegerArray runs = new AtomicIntegerArray(SLOTS);

    boolean quick(String sql) {
        return runs.getPlain(slot(sql)) >= QUICK;
    }

    /** Takes note of a run from its sending to its answer. */
    void ran(String sql, long nanos, boolean succeeded) {
        int slot = slot(sql);
        int before = runs.getPlain(slot);
        if (!succeeded) {
            runs.setPlain(slot, 0);
        } else if (nanos > SLOW_NANOS) {
            runs.setPlain(slot, Math.max(0, before - 2));
        } else if (nanos < QUICK_NANOS && before < MOST) {
            runs.setPlain(slot, before + 1);
        }
    }

    private static int slot(String sql) {
        int hash = sql.hashCode();
        return (hash ^ (hash >>> 16)) & (SLOTS - 1);
    }
}
