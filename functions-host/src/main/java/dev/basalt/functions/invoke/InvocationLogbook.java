package dev.basalt.functions.invoke;

import dev.basalt.functions.tail.LiveTail;
import dev.basalt.kit.control.ControlDatabase;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Writes the records of invocations, many at once: as soon as they fill a statement, else some time after, and at the stop; bounded
 * in memory and in age. Marks as lost what dead hosts left without an end: at its start, when the last of that is due, and now
 * and then while functions run. Nothing runs while nothing is invoked. Safe for use by any thread.
 */
@ApplicationScoped
public class InvocationLogbook {
    private static final Logger LOG = Logger.getLogger(InvocationLogbook.class);
    private static final int BATCH = 500;
    private static final String UNIQUE_VIOLATION = "23505";
    private static final long PRUNE_EVERY_MILLIS = 3_600_000;
    private static final long SWEEP_EVERY_MILLIS = 60_000;
    private static final String SWEEP = """
            with lost as (update invocations set state = 'lost', outcome = 'lost'
              where state in ('pending', 'running') and expires_at < now() returning 1)
            select (select count(*) from lost),
              (select ceil(extract(epoch from min(expires_at) - clock_timestamp()) * 1000)::bigint from invocations
                where state in ('pending', 'running') and expires_at >= now())""";
    private final Vertx vertx;
    private final ControlDatabase database;
    private final InvocationConfig config;
    private final LiveTail tail;
    private final BlockingQueue<InvocationRecord> waiting;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    /** Whether a full batch is being written, or could not be and waits for the clock. */
    private final AtomicBoolean full = new AtomicBoolean();

    private volatile Future<Void> early = Future.succeededFuture();
    private final Counter dropped;
    private final Counter lost;
    private volatile long prunedMillis;
    private volatile long sweptMillis;

    @Inject
    InvocationLogbook(
            Vertx vertx, ControlDatabase database, InvocationConfig config, LiveTail tail, MeterRegistry metrics) {
        this.vertx = vertx;
        this.database = database;
        this.config = config;
        this.tail = tail;
        this.waiting = new ArrayBlockingQueue<>(config.maxWaiting());
        this.dropped = metrics.counter("basalt.functions.records.dropped");
        this.lost = metrics.counter("basalt.functions.records.lost");
        Gauge.builder("basalt.functions.records.waiting", waiting, BlockingQueue::size)
                .register(metrics);
    }

    void start(@Observes StartupEvent event) {
        sweepUntilNoneIsOpen();
    }

    /** After the last request and before the database closes. */
    void stop(@Observes @Priority(Interceptor.Priority.LIBRARY_AFTER) ShutdownEvent event) throws InterruptedException {
        try {
            flush().toCompletionStage()
                    .toCompletableFuture()
                    .get(config.stopTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException late) {
            LOG.warnf("records of the last invocations were not written before the stop: %d", waiting.size());
        }
    }

    int maxLogBytes() {
        return config.maxLogBytes();
    }

    void add(InvocationRecord row) {
        if (!waiting.offer(row)) {
            dropped.increment();
        }
        schedule();
        writeFull();
    }

    /** What fills a statement does not wait for the clock: it would be kept, and past the bound dropped, for nothing. */
    private void writeFull() {
        if (waiting.size() >= BATCH && full.compareAndSet(false, true)) {
            early = write().onSuccess(written -> {
                        full.set(false);
                        writeFull();
                    })
                    .onFailure(failed -> schedule());
        }
    }

    /** Writes what waits, now; completes when it is written, and what was being written. */
    public Future<Void> flush() {
        var under = early;
        // Not until nothing waits: under load that would be one small statement after the other.
        return write(waiting.size()).compose(written -> under.otherwiseEmpty());
    }

    private Future<Void> write(int rows) {
        return rows <= 0 ? Future.succeededFuture() : write().compose(written -> write(rows - BATCH));
    }

    private Future<Void> write() {
        List<InvocationRecord> rows = new ArrayList<>();
        waiting.drainTo(rows, BATCH);
        if (rows.isEmpty()) {
            return Future.succeededFuture();
        }
        var once = onceEach(rows);
        return write(once)
                .compose(
                        written -> {
                            tell(once);
                            return Future.succeededFuture();
                        },
                        failed -> {
                            // Back in line as far as there is room: the database may only be away for a moment.
                            once.forEach(row -> {
                                if (!waiting.offer(row.oneMore())) {
                                    dropped.increment();
                                }
                            });
                            return Future.failedFuture(failed);
                        });
    }

    private Future<RowSet<Row>> write(List<InvocationRecord> rows) {
        var parameters = InvocationRecord.parameters(rows);
        if (rows.stream().anyMatch(InvocationRecord::again)) {
            return database.query(InvocationRecord.UPSERT, parameters);
        }
        return database.query(InvocationRecord.INSERT, parameters)
                .recover(failed -> failed instanceof PgException pg && UNIQUE_VIOLATION.equals(pg.getSqlState())
                        // The row of one that took long has overtaken that of its end.
                        ? database.query(InvocationRecord.UPSERT, parameters)
                        : Future.failedFuture(failed));
    }

    /** One statement can't write a row twice: of two records of one invocation the later one stays, or the end. */
    private static List<InvocationRecord> onceEach(List<InvocationRecord> rows) {
        var once = new LinkedHashMap<UUID, InvocationRecord>();
        rows.forEach(row -> once.merge(row.id(), row, (first, second) -> first.done() ? first : second));
        return List.copyOf(once.values());
    }

    private void tell(Collection<InvocationRecord> rows) {
        var ended = new LinkedHashMap<Told, List<UUID>>();
        for (var row : rows) {
            if (row.done() && tail.follows(row.project())) {
                ended.computeIfAbsent(new Told(row.project(), row.function()), absent -> new ArrayList<>())
                        .add(row.id());
            }
        }
        for (Map.Entry<Told, List<UUID>> each : ended.entrySet()) {
            tail.written(each.getKey().project(), each.getKey().function(), each.getValue());
        }
    }

    private record Told(UUID project, String function) {}

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            vertx.setTimer(config.flushInterval().toMillis(), due -> {
                scheduled.set(false);
                flush().onSuccess(done -> {
                            full.set(false);
                            tidy();
                        })
                        .onFailure(failed -> {
                            LOG.warn("records of invocations could not be written; they are tried again", failed);
                            schedule();
                        });
            });
        }
    }

    private void tidy() {
        var now = System.currentTimeMillis();
        if (now - sweptMillis >= SWEEP_EVERY_MILLIS) {
            sweptMillis = now;
            sweep().onFailure(failed -> LOG.warn("lost invocations could not be marked", failed));
        }
        if (now - prunedMillis >= PRUNE_EVERY_MILLIS) {
            prunedMillis = now;
            database.query(
                            "delete from invocations where at < $1",
                            Tuple.of(Instant.ofEpochMilli(now)
                                    .minus(config.retention())
                                    .atOffset(ZoneOffset.UTC)))
                    .onFailure(failed -> LOG.warn("old records of invocations could not be removed", failed));
        }
    }

    /** Marks what is lost; answers in how many milliseconds the next may be, 0 where nothing is open. */
    Future<Long> sweep() {
        return database.query(SWEEP, Tuple.tuple()).map(rows -> {
            var row = rows.iterator().next();
            lost.increment(row.getLong(0).doubleValue());
            var next = row.getLong(1);
            return next == null ? 0 : Math.max(1, next);
        });
    }

    private void sweepUntilNoneIsOpen() {
        sweep().onSuccess(next -> {
                    if (next > 0) {
                        vertx.setTimer(
                                Math.max(next, config.flushInterval().toMillis()), due -> sweepUntilNoneIsOpen());
                    }
                })
                .onFailure(failed -> LOG.warn("lost invocations are marked once functions run", failed));
    }
}
