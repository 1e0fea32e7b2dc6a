package dev.basalt.kit.request;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What one request used so far. Safe for use by any thread. */
public final class RequestMeter {
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();
    private final LongAdder databaseNanos = new LongAdder();
    /** Null once it is counted. */
    private final AtomicReference<@Nullable FunctionUse> function = new AtomicReference<>(FunctionUse.NONE);

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

    /** Adds what an invocation of a function took; answers false, and adds nothing, when that has been counted already. */
    public boolean addFunction(FunctionUse use) {
        while (true) {
            var known = function.get();
            if (known == null) {
                return false;
            }
            if (function.compareAndSet(known, known.plus(use))) {
                return true;
            }
        }
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

    /** What functions took, for whoever counts it; what comes later is not of this request any more. */
    public FunctionUse takeFunction() {
        var taken = function.getAndSet(null);
        return taken == null ? FunctionUse.NONE : taken;
    }
}
