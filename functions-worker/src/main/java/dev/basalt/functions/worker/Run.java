package dev.basalt.functions.worker;

/** One invocation under way in an instance. Its log is thread-safe, the rest belongs to the instance's thread. */
final class Run {
    final int number;
    final InvocationLog log;
    final long startNanos = System.nanoTime();
    final long deadlineNanos;
    /** Whether the answer, or its head, has been sent. */
    boolean answered;
    /** Time on a processor in its turns, as far as that has been put to its account. */
    long cpuNanos;

    Run(int number, int budgetMillis, int maxLogBytes) {
        this.number = number;
        this.log = new InvocationLog(maxLogBytes);
        this.deadlineNanos = startNanos + budgetMillis * 1_000_000L;
    }

    int micros() {
        return (int) ((System.nanoTime() - startNanos) / 1_000);
    }

    int cpuMicros() {
        return (int) (cpuNanos / 1_000);
    }

    boolean late(long nowNanos) {
        return nowNanos - deadlineNanos > 0;
    }
}
