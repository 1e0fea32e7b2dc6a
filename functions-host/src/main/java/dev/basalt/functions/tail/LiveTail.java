package dev.basalt.functions.tail;

import dev.basalt.functions.runtime.Outcome.LogLine;
import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.function.TailChannel;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.pubsub.PgSubscriber;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;

/**
 * Sends what functions print and that their records are written, as {@link TailChannel} says, some time after and many at once.
 * For a project that nobody follows all it costs is one look into an empty map. What does not fit is counted, and said. Safe for
 * use by any thread.
 */
@ApplicationScoped
public class LiveTail {
    private static final Logger LOG = Logger.getLogger(LiveTail.class);
    private static final int MAX_PROJECTS = 1000;
    private static final int MAX_WAITING = 1000;
    private static final int BATCH = 200;
    private static final long HOLD_MILLIS = 100;
    private static final int MAX_TEXT = 2000;
    /** PostgreSQL takes notifications of less than 8000 bytes. */
    private static final int MAX_BYTES = 7900;

    private static final int MAX_IDS = 100;
    private static final int MAX_ESCAPED_TEXT = 400;

    private final Vertx vertx;
    private final ControlDatabase database;
    private final Map<UUID, Long> followed = new ConcurrentHashMap<>();
    private final Map<UUID, LongAdder> left = new ConcurrentHashMap<>();
    private final BlockingQueue<String> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Counter dropped;

    @Inject
    LiveTail(Vertx vertx, ControlDatabase database, MeterRegistry metrics) {
        this.vertx = vertx;
        this.database = database;
        this.dropped = metrics.counter("basalt.functions.tail.dropped");
        Gauge.builder("basalt.functions.tail.projects", followed, Map::size).register(metrics);
        Gauge.builder("basalt.functions.tail.waiting", waiting, BlockingQueue::size)
                .register(metrics);
    }

    /** Hears on this connection who is followed. */
    public void listen(PgSubscriber subscriber) {
        subscriber.channel(TailChannel.ASKED).handler(this::asked);
    }

    private void asked(String project) {
        var now = System.currentTimeMillis();
        followed.values().removeIf(until -> until < now);
        try {
            var id = UUID.fromString(project);
            if (followed.size() < MAX_PROJECTS || followed.containsKey(id)) {
                followed.put(id, now + TailChannel.ASK_MILLIS);
            }
        } catch (IllegalArgumentException e) {
            LOG.debugf("somebody follows no project: %s", project);
        }
    }

    /** Whether somebody follows the project. */
    public boolean follows(UUID project) {
        if (followed.isEmpty()) {
            return false;
        }
        var until = followed.get(project);
        return until != null && until >= System.currentTimeMillis();
    }

    /**
     * Lines that an invocation printed.
     *
     * @param startMillis what the lines' own times count from, since the epoch
     */
    public void printed(UUID project, String function, UUID invocation, long startMillis, List<LogLine> lines) {
        for (var line : lines) {
            var text = line.text().length() > MAX_TEXT ? line.text().substring(0, MAX_TEXT) + "…" : line.text();
            var message = message(project, function)
                    .put("invocation", invocation.toString())
                    .put("at", startMillis + line.millis())
                    .put("level", line.level());
            var encoded = message.put("text", text).encode();
            if (encoded.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
                encoded = message.put("text", text.substring(0, MAX_ESCAPED_TEXT) + "…")
                        .encode();
            }
            if (!waiting.offer(encoded)) {
                dropped.increment();
                left.computeIfAbsent(project, absent -> new LongAdder()).increment();
            }
        }
        schedule();
    }

    /** Records of ended invocations that are written. */
    public void written(UUID project, String function, List<UUID> ids) {
        for (var from = 0; from < ids.size(); from += MAX_IDS) {
            var some = new JsonArray();
            ids.subList(from, Math.min(from + MAX_IDS, ids.size())).forEach(id -> some.add(id.toString()));
            if (!waiting.offer(message(project, function).put("ended", some).encode())) {
                dropped.increment();
                left.computeIfAbsent(project, absent -> new LongAdder()).add(some.size());
            }
        }
        schedule();
    }

    private static JsonObject message(UUID project, String function) {
        return new JsonObject().put("project", project.toString()).put("function", function);
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            vertx.setTimer(HOLD_MILLIS, due -> send());
        }
    }

    private void send() {
        List<String> messages = new ArrayList<>();
        waiting.drainTo(messages, BATCH);
        left.forEach((project, count) -> messages.add(new JsonObject()
                .put("project", project.toString())
                .put("dropped", count.sum())
                .encode()));
        left.clear();
        if (messages.isEmpty()) {
            scheduled.set(false);
            if (!waiting.isEmpty()) {
                schedule();
            }
            return;
        }
        database.query(
                        "select pg_notify('" + TailChannel.MESSAGES + "', m) from unnest($1::text[]) m",
                        Tuple.of(messages.toArray(String[]::new)))
                .onFailure(failed -> LOG.debugf(failed, "%d messages to followers were lost", messages.size()))
                .onComplete(done -> vertx.setTimer(HOLD_MILLIS, due -> send()));
    }
}
