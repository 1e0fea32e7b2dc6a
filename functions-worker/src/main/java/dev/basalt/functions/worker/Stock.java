package dev.basalt.functions.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * An instance that waits for its function, so that a function's first call does not wait for an isolate. There is one at most; the next is
 * made behind what the last one was taken for, not beside it. Thread-safe.
 */
final class Stock {
    private final Watchdog watchdog;
    private @Nullable Instance blank;

    Stock(Watchdog watchdog) {
        this.watchdog = watchdog;
    }

    /** Makes one if there is none. */
    synchronized void fill() {
        if (blank == null) {
            blank = started();
        }
    }

    /** The one that waits, which may still be at its beginning, or else a new one. */
    synchronized Instance take() {
        Instance taken = blank;
        blank = null;
        return taken == null ? started() : taken;
    }

    private Instance started() {
        try {
            Instance instance = new Instance(watchdog, this::fill);
            instance.start();
            return instance;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
