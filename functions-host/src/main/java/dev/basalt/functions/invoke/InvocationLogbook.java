package dev.basalt.functions.invoke;

import dev.basalt.functions.registry.DeployedFunction;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.request.RequestContext;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes a row for every invocation, some time after it and many at once; bounded in memory and in age. Nothing runs while
 * nothing is invoked. Safe for use by any thread.
 */
@ApplicationScoped
public class InvocationLogbook {
    private static final Logger LOG = Logger.getLogger(InvocationLogbook.class);
    private static final int BATCH = 200;
    private static final long PRUNE_EVERY_MILLIS = 3_600_000;
    private final Vertx vertx;
    private final ControlDatabase database;
    private final InvocationConfig config;
    private final BlockingQueue<InvocationRecord> waiting;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Counter dropped;
    private volatile long prunedMillis;

    @Inject
    InvocationLogbook(Vertx vertx, ControlDatabase database, InvocationConfig config, MeterRegistry metrics) {
        this.vertx = vertx;
        this.database = database;
        this.config = config;
        this.waiting = new ArrayBlockingQueue<>(config.maxWaiting());
        this.dropped = metrics.counter("basalt.functions.records.dropped");
        Gauge.builder("basalt.functions.records.waiting", waiting, BlockingQueue::size)
                .register(metrics);
    }

    void add(
            RequestContext context,
            DeployedFunction function,
            InvocationKind kind,
            String cause,
            long atMillis,
            long billed,
            Outcome outcome) {
        var report = outcome.report();
        var row = new InvocationRecord(
                UUID.randomUUID(),
                context.project().id(),
                function.name(),
                function.version(),
                kind.label(),
                Instant.ofEpochMilli(atMillis).atOffset(ZoneOffset.UTC),
                context.requestId(),
                cause,
                context.triggerDepth(),
                outcome(outcome),
                error(outcome),
                report.cold(),
                report.queueMicros(),
                report.initMicros(),
                report.runMicros(),
                billed,
                function.manifest().memoryMb(),
                report.peakKib(),
                logs(report.logs()));
        if (!waiting.offer(row)) {
            dropped.increment();
        }
        schedule();
    }

    /** How it ended in one word: {@code ok} or the kind of the failure. */
    static String outcome(Outcome outcome) {
        return outcome.result() instanceof Outcome.Result.Failed(Failure failure)
                ? failure.kind().name().toLowerCase(Locale.ROOT)
                : "ok";
    }

    /** Writes what waits, now; completes when it is written. */
    public Future<Void> flush() {
        List<InvocationRecord> rows = new ArrayList<>();
        waiting.drainTo(rows, BATCH);
        if (rows.isEmpty()) {
            return Future.succeededFuture();
        }
        return database.query(InvocationRecord.INSERT, InvocationRecord.parameters(rows))
                .compose(written -> flush(), failed -> {
                    // Back in line as far as there is room: the database may only be away for a moment.
                    rows.forEach(row -> {
                        if (!waiting.offer(row)) {
                            dropped.increment();
                        }
                    });
                    return Future.failedFuture(failed);
                });
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            vertx.setTimer(config.flushInterval().toMillis(), due -> {
                scheduled.set(false);
                flush().onSuccess(done -> prune()).onFailure(failed -> {
                    LOG.warn("records of invocations could not be written; they are tried again", failed);
                    schedule();
                });
            });
        }
    }

    private void prune() {
        var now = System.currentTimeMillis();
        if (now - prunedMillis < PRUNE_EVERY_MILLIS) {
            return;
        }
        prunedMillis = now;
        database.query(
                        "delete from invocations where at < $1",
                        Tuple.of(Instant.ofEpochMilli(now)
                                .minus(config.retention())
                                .atOffset(ZoneOffset.UTC)))
                .onFailure(failed -> LOG.warn("old records of invocations could not be removed", failed));
    }

    private static @Nullable String error(Outcome outcome) {
        if (!(outcome.result() instanceof Outcome.Result.Failed(Failure failure))) {
            return null;
        }
        return new JsonObject()
                .put("name", failure.name())
                .put("message", cut(failure.message()))
                .put("stack", cut(failure.stack()))
                .put("file", failure.file())
                .put("line", failure.line())
                .encode();
    }

    private String logs(List<Outcome.LogLine> lines) {
        if (lines.isEmpty()) {
            return "[]";
        }
        var array = new JsonArray();
        var bytes = 0;
        for (var line : lines) {
            bytes += line.text().length();
            if (bytes > config.maxLogBytes()) {
                break;
            }
            array.add(new JsonArray().add(line.millis()).add(line.level()).add(cut(line.text())));
        }
        return array.encode();
    }

    /** PostgreSQL's jsonb takes no NUL. */
    private static String cut(String text) {
        var some = text.length() > 8000 ? text.substring(0, 8000) : text;
        return some.indexOf('\0') < 0 ? some : some.replace('\0', '\ufffd');
    }
}
