package dev.basalt.functions.js;

/**
 * How many calls of a function may be sent along behind one that runs, by what its last ones took. Not thread-safe.
 */
final class AheadLimit {
    /** What one that is sent along may have to wait while they go on so, and how many may. */
    private static final int WAIT_MICROS = 1_000;

    private static final int MOST = 16;
    /** Where so many may be, waking another instance costs more than waiting for one that runs. */
    private static final int GATHER = 8;
    /** No call was quick so far; nor counts one as slower than this, as it may have had to wait for a processor. */
    private static final int SLOW_MICROS = 2_000;
    /** The last call's share in what calls take is one of so many. */
    private static final int LATELY = 8;
    /** So many calls have to end before one is sent along again, after one came back. */
    private static final int AFTER_BACK = 64;

    private int recentMicros = SLOW_MICROS;
    private int apart;

    /** How many may be behind one that runs. */
    int most() {
        return apart > 0 ? 0 : Math.min(WAIT_MICROS / Math.max(1, recentMicros), MOST);
    }

    /** Whether one that runs is better than one that idles. */
    boolean gathers() {
        return most() >= GATHER;
    }

    /** A call has ended. */
    void ended(int runMicros) {
        recentMicros += (Math.clamp(runMicros, 0, SLOW_MICROS) - recentMicros) / LATELY;
        apart = Math.max(0, apart - 1);
    }

    /** A call came back, as the one before it took long or waits. */
    void cameBack() {
        apart = AFTER_BACK;
    }

    /** An instance is lost. */
    void lost() {
        recentMicros = SLOW_MICROS;
    }
}
