package dev.basalt.kit.request;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** What one request used so far. Safe for use by any thread. */
public final class RequestMeter {
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();
    private final LongAdder databaseNanos = new LongAdder();
    private final AtomicReference<FunctionUse> function = new AtomicReference<>(FunctionUse.NONE);

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

    /** Adds what an invocation of a function took. */
    public void addFunction(FunctionUse use) {
        function.accumulateAndGet(use, FunctionUse::plus);
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

    public FunctionUse function() {
        return function.get();
    }
}
