package dev.basalt.functions.share;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the calls that run at a time and shares them out between projects. Each project has places of its own, which others can't
 * take; beyond those all have common ones. Where these are used up a project's calls wait in its own queue, and the next one
 * goes to the project that runs fewest, those that run as many by turns.
 *
 * <p>A call for which something waits that holds a place itself, or a connection to the database, never waits here: it would
 * wait for its own caller. It counts as running, so that the others of its project wait a little longer instead.
 *
 * <p>Thread-safe: one lock guards all of it, and is never held while a call starts. A call that finds a place starts at once, on the
 * thread that asks.
 */
@Singleton
public final class Shares {
    private static final long LOOK_MILLIS = 200;
    private static final int COMMON_PER_PROCESSOR = 32;

    private final Vertx vertx;
    private final int own;
    private final int common;
    private final int maxQueue;
    private final long longestWaitNanos;
    private final Timer waits;
    private final Counter full;
    private final Counter late;

    private final Object lock = new Object();
    /** Those of projects that run something. */
    private final Map<String, Share> shares = new HashMap<>();
    /** Those whose calls wait, in the order in which they had their last turn. */
    private final Set<Share> waiting = new LinkedHashSet<>();

    private int commonUsed;
    private int running;
    private int queued;
    private boolean looks;

    @Inject
    public Shares(Vertx vertx, ShareConfig config, MeterRegistry metrics) {
        this.vertx = vertx;
        this.own = Math.max(1, config.own());
        this.common = config.common()
                .orElse(COMMON_PER_PROCESSOR * Runtime.getRuntime().availableProcessors());
        this.maxQueue = config.maxQueue();
        this.longestWaitNanos = config.queueTimeout().toNanos();
        this.waits = metrics.timer("basalt.functions.share.wait");
        this.full = metrics.counter("basalt.functions.share.refused", "why", "full");
        this.late = metrics.counter("basalt.functions.share.refused", "why", "late");
        Gauge.builder("basalt.functions.share.running", this, Shares::running).register(metrics);
        Gauge.builder("basalt.functions.share.waiting", this, Shares::waiting).register(metrics);
    }

    private static final class Share {
        final String project;
        final Deque<Place> queue = new ArrayDeque<>(0);
        int running;

        Share(String project) {
            this.project = project;
        }
    }

    /** One call's place: first asked for, then held, then left. */
    public final class Place {
        private final Share share;
        private final Context context;
        private final Consumer<Place> start;
        private final Runnable refuse;
        private final long sinceNanos = System.nanoTime();
        private boolean left;

        private Place(Share share, Context context, Consumer<Place> start, Runnable refuse) {
            this.share = share;
            this.context = context;
            this.start = start;
            this.refuse = refuse;
        }

        /** The call runs no more; a second time is nothing. */
        public void leave() {
            Place next;
            synchronized (lock) {
                if (left) {
                    return;
                }
                left = true;
                next = Shares.this.left(share);
            }
            if (next != null) {
                waits.record(System.nanoTime() - next.sinceNanos, TimeUnit.NANOSECONDS);
                next.context.runOnContext(on -> next.start.accept(next));
            }
        }
    }

    /**
     * Asks for a place; either of the two is told so, once.
     *
     * @param awaited whether something that already runs waits for the call, so that it can't wait itself
     * @param context where the call starts if it has to wait
     * @param start runs the call until it leaves the place
     * @param refuse takes note that too many wait, or that it has waited too long
     */
    public void enter(String project, boolean awaited, Context context, Consumer<Place> start, Runnable refuse) {
        Place place;
        boolean starts;
        boolean refused = false;
        synchronized (lock) {
            Share share = shares.computeIfAbsent(project, Share::new);
            place = new Place(share, context, start, refuse);
            starts = awaited || share.running < own || commonUsed < common;
            if (starts) {
                take(share);
            } else if (share.queue.size() < maxQueue) {
                share.queue.add(place);
                queued++;
                waiting.add(share);
                look();
            } else {
                refused = true;
            }
        }
        if (starts) {
            start.accept(place);
        } else if (refused) {
            full.increment();
            refuse.run();
        }
    }

    private void take(Share share) {
        if (share.running >= own) {
            commonUsed++;
        }
        share.running++;
        running++;
    }

    /** Gives a place back; answers whose it is now. */
    private @Nullable Place left(Share share) {
        share.running--;
        running--;
        if (share.running >= own) {
            commonUsed--;
        }
        if (waiting.remove(share)) {
            // It had a turn: of those that run as many it is the last now.
            waiting.add(share);
        }
        Share next = share.running < own && !share.queue.isEmpty() ? share : commonUsed < common ? fewest() : null;
        Place place = next == null ? null : next.queue.pollFirst();
        if (next != null && place != null) {
            queued--;
            take(next);
            waiting.remove(next);
            if (!next.queue.isEmpty()) {
                waiting.add(next);
            }
        }
        if (share.running == 0) {
            shares.remove(share.project);
        }
        return place;
    }

    private @Nullable Share fewest() {
        Share fewest = null;
        for (Share each : waiting) {
            if (fewest == null || each.running < fewest.running) {
                fewest = each;
            }
        }
        return fewest;
    }

    /** Looks for calls that have waited too long while any wait. */
    private void look() {
        if (!looks) {
            looks = true;
            vertx.setTimer(LOOK_MILLIS, due -> refuseLate());
        }
    }

    private void refuseLate() {
        List<Place> refused = new ArrayList<>();
        long now = System.nanoTime();
        synchronized (lock) {
            for (Share share : List.copyOf(waiting)) {
                Place first;
                while ((first = share.queue.peekFirst()) != null && now - first.sinceNanos > longestWaitNanos) {
                    refused.add(share.queue.removeFirst());
                    queued--;
                }
                if (share.queue.isEmpty()) {
                    waiting.remove(share);
                }
            }
            looks = false;
            if (queued > 0) {
                look();
            }
        }
        refused.forEach(place -> {
            late.increment();
            place.refuse.run();
        });
    }

    /** How many calls hold a place. */
    public int running() {
        synchronized (lock) {
            return running;
        }
    }

    /** How many calls wait for one. */
    public int waiting() {
        synchronized (lock) {
            return queued;
        }
    }
}
