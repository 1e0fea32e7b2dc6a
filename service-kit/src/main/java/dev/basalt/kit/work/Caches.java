package dev.basalt.kit.work;

import com.github.benmanes.caffeine.cache.Caffeine;

/** Caches that are kept in order by the threads that use them. */
public final class Caches {
    private Caches() {}

    /**
     * A builder whose caches do their upkeep, and tell of removals, on the thread that uses them: every few reads it is a matter
     * of microseconds, and the wake-up of another thread, which is the library's default, costs more.
     */
    public static Caffeine<Object, Object> builder() {
        return Caffeine.newBuilder().executor(Runnable::run);
    }
}
