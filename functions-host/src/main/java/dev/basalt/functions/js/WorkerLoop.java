package dev.basalt.functions.js;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jboss.logging.Logger;

/**
 * The one thread that reads from all workers, and looks after deadlines a few times a second while anything is in flight.
 * {@link #execute} is thread-safe; handlers run on the loop's thread and must not block.
 */
final class WorkerLoop implements AutoCloseable {
    /** What is called when a channel is ready. */
    @FunctionalInterface
    interface Handler {
        void ready(SelectionKey key) throws IOException;
    }

    private static final Logger LOG = Logger.getLogger(WorkerLoop.class);
    private static final long BUSY_MILLIS = 50;
    private static final long IDLE_MILLIS = 1_000;

    private final Selector selector;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Runnable sweep;
    private final java.util.function.BooleanSupplier busy;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * @param sweep called each turn of the clock
     * @param busy whether the clock has to turn fast
     */
    WorkerLoop(Runnable sweep, java.util.function.BooleanSupplier busy) {
        this.sweep = sweep;
        this.busy = busy;
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread = Thread.ofPlatform().name("functions-io").daemon().unstarted(this::run);
        thread.start();
    }

    void execute(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    /** Registers a channel; call on the loop's thread. */
    SelectionKey register(SelectableChannel channel, int interest, Handler handler) throws IOException {
        return channel.register(selector, interest, handler);
    }

    private void run() {
        long lastSweep = System.nanoTime();
        while (!closed) {
            try {
                long wait = busy.getAsBoolean() ? BUSY_MILLIS : IDLE_MILLIS;
                selector.select(WorkerLoop::dispatch, tasks.isEmpty() ? wait : 1);
                Runnable task;
                while ((task = tasks.poll()) != null) {
                    task.run();
                }
                long now = System.nanoTime();
                if (now - lastSweep >= BUSY_MILLIS * 1_000_000) {
                    lastSweep = now;
                    sweep.run();
                }
            } catch (IOException | RuntimeException e) {
                LOG.error("functions-io", e);
            }
        }
        try {
            selector.close();
        } catch (IOException e) {
            LOG.debug("closing the selector", e);
        }
    }

    private static void dispatch(SelectionKey key) {
        try {
            if (key.isValid()) {
                ((Handler) key.attachment()).ready(key);
            }
        } catch (CancelledKeyException e) {
            LOG.debug("cancelled meanwhile", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
    }
}
