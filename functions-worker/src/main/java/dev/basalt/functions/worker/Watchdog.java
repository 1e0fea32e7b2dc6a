package dev.basalt.functions.worker;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks at every working instance each 10 ms: time, memory, log lines that wait. Sleeps while nothing works, so that an
 * idle worker costs no CPU. Thread-safe.
 */
final class Watchdog {
    private static final long TICK_NANOS = 10_000_000L;
    private static final int TICKS_BEFORE_SLEEP = 100;

    private final Set<Instance> working = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean asleep;

    Watchdog() {
        thread = Thread.ofPlatform().name("watchdog").daemon().unstarted(this::run);
        thread.start();
    }

    void add(Instance instance) {
        working.add(instance);
        if (asleep) {
            LockSupport.unpark(thread);
        }
    }

    void remove(Instance instance) {
        working.remove(instance);
    }

    private void run() {
        int quiet = 0;
        while (true) {
            if (working.isEmpty() && ++quiet > TICKS_BEFORE_SLEEP) {
                asleep = true;
                if (working.isEmpty()) {
                    LockSupport.park(this);
                }
                asleep = false;
                quiet = 0;
            }
            LockSupport.parkNanos(this, TICK_NANOS);
            for (Instance instance : working) {
                quiet = 0;
                instance.tick();
            }
        }
    }
}
