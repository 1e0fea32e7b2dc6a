package dev.basalt.functions.worker;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts an instance's time on a processor to the account of its invocations. One that is alone is charged when it says
 * something; of several each is charged behind its turn. What is spent between two invocations, the frames' reading and writing, is
 * the next one's: each look at the clock is a system call. Belongs to the instance's thread.
 */
final class CpuAccount {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Map<Integer, Run> runs;
    private @Nullable Run turn;
    private long accounted;

    /** @param runs those under way */
    CpuAccount(Map<Integer, Run> runs) {
        this.runs = runs;
    }

    /** Nanoseconds that this thread has been on a processor; one system call. */
    static long nanos() {
        return THREADS.getCurrentThreadCpuTime();
    }

    /** What was spent so far is no invocation's. */
    void start() {
        accounted = nanos();
    }

    /** An invocation begins, and has the turn; those under way are the others. */
    void begins(Run run) {
        if (!runs.isEmpty()) {
            charge();
        }
        turn = run;
    }

    /** An invocation gets the turn; nothing changes where it is over. */
    void turns(int number) {
        turn = runs.getOrDefault(number, turn);
    }

    /** Whether turns have to be told apart. */
    boolean shared() {
        return runs.size() > 1;
    }

    /** Charges whoever had the turn. */
    void charge() {
        charge(runs.size() == 1 ? runs.values().iterator().next() : turn);
    }

    /** Charges an invocation for all since the last time. */
    void charge(@Nullable Run run) {
        long now = nanos();
        if (run != null) {
            run.cpuNanos += now - accounted;
        }
        accounted = now;
    }
}
