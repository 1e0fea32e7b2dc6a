package dev.basalt.kit.request;

import java.util.concurrent.atomic.LongAdder;

/** What one request used so far. Safe for use by any thread. */
public final class RequestMeter {
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();
    private final LongAdder databaseNanos = new LongAdder();
    private final LongAdder functionMillis = new LongAdder();
    private final LongAdder functionMegabyteMillis = new LongAdder();

    public void addBytesIn(long bytes) {
        bytesIn.add(bytes);
    }

    public void addBytesOut(long bytes) {
        bytesOut.add(bytes);
    }

    /** Adds time that a connection of the project was held or waited for. */
    public void addDatabaseNanos(long nanos) {
        databaseNanos.add(nanos);
    }

    /**
     * Adds one invocation of a function.
     *
     * @param millis billed time in units of 1 ms
     * @param megabytes the memory the function was given
     */
    public void addFunction(long millis, long megabytes) {
        functionMillis.add(millis);
        functionMegabyteMillis.add(millis * megabytes);
    }

    public long bytesIn() {
        return bytesIn.sum();
    }

    public long bytesOut() {
        return bytesOut.sum();
    }

    public long databaseMicros() {
        return databaseNanos.sum() / 1000;
    }

    public long functionMillis() {
        return functionMillis.sum();
    }

    public long functionMegabyteMillis() {
        return functionMegabyteMillis.sum();
    }
}
