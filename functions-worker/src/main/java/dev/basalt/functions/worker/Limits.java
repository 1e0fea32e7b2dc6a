package dev.basalt.functions.worker;

import com.caoccao.javet.interop.V8Runtime;
import com.caoccao.javet.interop.monitoring.V8HeapStatistics;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The time and memory bounds of one isolate while it works. The watchdog calls {@link #check} from its own thread, the
 * isolate's thread arms and disarms; the first bound that is crossed stops the isolate and is remembered.
 */
final class Limits {
    private static final long GRACE_BYTES = 64L << 20;
    private static final long POLL_AFTER_NANOS = 8_000_000L;

    private final V8Runtime runtime;
    private volatile long memoryBytes = Long.MAX_VALUE;
    private volatile long startNanos;
    private volatile long deadlineNanos;
    private volatile boolean armed;
    private volatile boolean inScript;
    private volatile @Nullable Failure crossed;
    private volatile long peakBytes;
    private @Nullable CompletableFuture<V8HeapStatistics> polled;
    private boolean closed;

    Limits(V8Runtime runtime) {
        this.runtime = runtime;
        runtime.setNearHeapLimitCallback((current, initial) -> {
            cross(memoryFailure());
            return current + GRACE_BYTES;
        });
    }

    /** What may be used from now on, in MB; before that all that an isolate can have. */
    void memory(int megabytes) {
        memoryBytes = (long) megabytes << 20;
    }

    /** Bounds what runs from now on, or what runs already, by this moment of {@link System#nanoTime}. */
    void arm(long untilNanos) {
        deadlineNanos = untilNanos;
        if (!armed) {
            startNanos = System.nanoTime();
            peakBytes = 0;
            armed = true;
        }
    }

    void disarm() {
        armed = false;
    }

    /** Whether script code runs now: only then can the isolate be stopped or asked. */
    void inScript(boolean value) {
        inScript = value;
    }

    @Nullable
    Failure crossed() {
        return crossed;
    }

    boolean late() {
        return System.nanoTime() - deadlineNanos > 0;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    int peakKib() {
        return (int) (peakBytes >> 10);
    }

    static Failure timeout() {
        return Failure.of("timeout", "the function did not finish within its time limit");
    }

    private Failure memoryFailure() {
        return Failure.of("memory", "the function used more than its " + (memoryBytes >> 20) + " MB of memory");
    }

    /** Nothing asks or stops the isolate from now on: it is about to be freed. */
    synchronized void close() {
        closed = true;
    }

    /** Called by the watchdog every few milliseconds. */
    synchronized void check() {
        if (closed || !armed || !inScript || crossed != null) {
            return;
        }
        long now = System.nanoTime();
        if (now - deadlineNanos > 0) {
            cross(timeout());
            return;
        }
        if (now - startNanos < POLL_AFTER_NANOS) {
            return;
        }
        CompletableFuture<V8HeapStatistics> last = polled;
        if (last == null || last.isDone()) {
            if (last != null && !last.isCompletedExceptionally()) {
                V8HeapStatistics statistics = last.join();
                // Buffers live outside the heap and its limit.
                long used = statistics.getUsedHeapSize() + statistics.getExternalMemory();
                peakBytes = Math.max(peakBytes, used);
                if (used > memoryBytes) {
                    cross(memoryFailure());
                    return;
                }
            }
            polled = runtime.getV8HeapStatistics();
        }
    }

    private void cross(Failure failure) {
        if (crossed == null) {
            crossed = failure;
        }
        runtime.terminateExecution();
    }
}
