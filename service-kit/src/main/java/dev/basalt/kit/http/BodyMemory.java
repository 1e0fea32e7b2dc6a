package dev.basalt.kit.http;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;

/** Bounds the bytes of bodies that all requests together hold in memory. Safe for use by any thread. */
@Singleton
class BodyMemory {
    private final AtomicLong held = new AtomicLong();
    private final long limit;

    @Inject
    BodyMemory(HttpConfig config, MeterRegistry metrics) {
        this.limit = config.bodiesInMemory().asLongValue();
        metrics.gauge("basalt.http.bodies.bytes", held);
    }

    /** Whether there was room for that many bytes more; they are held then. */
    boolean take(int bytes) {
        if (held.addAndGet(bytes) <= limit) {
            return true;
        }
        release(bytes);
        return false;
    }

    void release(long bytes) {
        held.addAndGet(-bytes);
    }
}
