package dev.basalt.kit.usage;

import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.request.FunctionUse;
import dev.basalt.kit.work.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Carries the journal into the control database: a segment is a batch, applied at most once by its {@code (instance,
 * sequence)}, deleted once that is committed. While the database is away segments wait; the next tick tries again. Runs
 * on one Vert.x context.
 */
@ApplicationScoped
public class UsageFlusher {
    private static final Logger LOG = Logger.getLogger(UsageFlusher.class);
    private static final long CLEAN_INTERVAL_MILLIS = TimeUnit.HOURS.toMillis(1);
    private static final String CLAIM =
            "insert into usage_batches (instance, sequence) values ($1, $2) on conflict do nothing returning 1";
    private static final String COUNT = """
            insert into usage_minutes as u (project_id, service, operation, minute, requests, errors, bytes_in,
              bytes_out, database_us, function_ms, function_mb_ms, function_init_ms, function_cpu_us,
              egress_bytes)
            select * from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::bigint[], $6::bigint[],
              $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[])
            on conflict (project_id, minute, service, operation) do update set
              requests = u.requests + excluded.requests, errors = u.errors + excluded.errors,
              bytes_in = u.bytes_in + excluded.bytes_in, bytes_out = u.bytes_out + excluded.bytes_out,
              database_us = u.database_us + excluded.database_us, function_ms = u.function_ms + excluded.function_ms,
              function_mb_ms = u.function_mb_ms + excluded.function_mb_ms,
              function_init_ms = u.function_init_ms + excluded.function_init_ms,
              function_cpu_us = u.function_cpu_us + excluded.function_cpu_us,
              egress_bytes = u.egress_bytes + excluded.egress_bytes""";
    private static final String LOG_REQUESTS = """
            insert into request_log (project_id, at, request_id, service, operation, status, duration_us, database_us,
              bytes_in, bytes_out, role, client)
            select * from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::smallint[],
              $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::text[], $12::text[])""";
    private static final String CLEAN = """
            with old_batches as (delete from usage_batches where received_at < now() - interval '7 days')
            delete from request_log where at < $1""";

    private final Vertx vertx;
    private final UsageJournal journal;
    private final ControlDatabase database;
    private final UsageConfig config;
    private long timer = -1;
    private @Nullable Future<Void> running;
    private long cleanedAtMillis;

    @Inject
    public UsageFlusher(Vertx vertx, UsageJournal journal, ControlDatabase database, UsageConfig config) {
        this.vertx = vertx;
        this.journal = journal;
        this.database = database;
        this.config = config;
    }

    /** Starts the periodic flush; called once the control database is migrated. */
    public void start() {
        timer = vertx.setPeriodic(config.flushInterval().toMillis(), tick -> flush());
    }

    /** Flushes everything recorded so far; what can't be flushed now stays in the journal. Never fails. */
    public synchronized Future<Void> flush() {
        var earlier = running;
        if (earlier != null && !earlier.isComplete()) {
            return earlier.compose(done -> flush());
        }
        var flushing = next(true)
                .compose(done -> clean())
                .onFailure(away -> LOG.warnf("usage could not be flushed and is kept: %s", away.getMessage()))
                .otherwiseEmpty();
        running = flushing;
        return flushing;
    }

    /** Stops the periodic flush and flushes a last time. */
    public Future<Void> stop() {
        vertx.cancelTimer(timer);
        return flush();
    }

    private Future<Void> next(boolean sealFirst) {
        return journal.oldest(sealFirst)
                .map(segment -> apply(segment).compose(done -> {
                    journal.flushed(segment);
                    return next(false);
                }))
                .orElseGet(Future::succeededFuture);
    }

    private Future<Void> apply(JournalSegment segment) {
        // Tens of thousands of records are also summed up and sorted there, not on the event loop.
        return Blocking.call(vertx, () -> batch(segment.read()))
                .compose(batch -> batch.map(rows -> database.transaction(connection -> connection
                                .preparedQuery(CLAIM)
                                .execute(Tuple.of(segment.instance(), segment.sequence()))
                                .compose(claimed -> claimed.size() == 0
                                        ? Future.<Void>succeededFuture()
                                        : write(connection, rows))))
                        .orElseGet(Future::succeededFuture));
    }

    /** The parameters of {@link #COUNT} and of {@link #LOG_REQUESTS}. */
    private record Batch(Tuple sums, Tuple requests) {}

    private Optional<Batch> batch(List<UsageRecord> records) {
        return records.isEmpty() ? Optional.empty() : Optional.of(new Batch(sums(records), requests(records)));
    }

    private static Future<Void> write(SqlConnection connection, Batch batch) {
        return connection
                .preparedQuery(COUNT)
                .execute(batch.sums())
                .compose(counted -> connection.preparedQuery(LOG_REQUESTS).execute(batch.requests()))
                .mapEmpty();
    }

    private record Key(UUID projectId, Service service, String operation, long minute) {}

    private static final class Sums {
        long requests;
        long errors;
        long bytesIn;
        long bytesOut;
        long databaseMicros;
        FunctionUse function = FunctionUse.NONE;

        void add(UsageRecord usage) {
            requests++;
            errors += usage.status() >= 400 ? 1 : 0;
            bytesIn += usage.bytesIn();
            bytesOut += usage.bytesOut();
            databaseMicros += usage.databaseMicros();
            function = function.plus(usage.function());
        }
    }

    private static Tuple sums(List<UsageRecord> records) {
        var sums = new HashMap<Key, Sums>();
        for (var usage : records) {
            var minute = TimeUnit.MILLISECONDS.toMinutes(usage.atMillis());
            sums.computeIfAbsent(
                            new Key(usage.projectId(), usage.service(), usage.operation(), minute), key -> new Sums())
                    .add(usage);
        }
        // One order for every replica, so that two flushes can't wait for each other's rows.
        var rows = sums.entrySet().stream()
                .sorted(Comparator.comparing(
                                (Map.Entry<Key, Sums> row) -> row.getKey().projectId())
                        .thenComparingLong(row -> row.getKey().minute())
                        .thenComparing(row -> row.getKey().service())
                        .thenComparing(row -> row.getKey().operation()))
                .toList();
        return Tuple.tuple()
                .addValue(array(rows, row -> row.getKey().projectId(), UUID[]::new))
                .addValue(array(rows, row -> row.getKey().service().label(), String[]::new))
                .addValue(array(rows, row -> row.getKey().operation(), String[]::new))
                .addValue(array(
                        rows, row -> time(TimeUnit.MINUTES.toMillis(row.getKey().minute())), OffsetDateTime[]::new))
                .addValue(longs(rows, row -> row.getValue().requests))
                .addValue(longs(rows, row -> row.getValue().errors))
                .addValue(longs(rows, row -> row.getValue().bytesIn))
                .addValue(longs(rows, row -> row.getValue().bytesOut))
                .addValue(longs(rows, row -> row.getValue().databaseMicros))
                .addValue(longs(rows, row -> row.getValue().function.millis()))
                .addValue(longs(rows, row -> row.getValue().function.megabyteMillis()))
                .addValue(longs(rows, row -> row.getValue().function.initMillis()))
                .addValue(longs(rows, row -> row.getValue().function.cpuMicros()))
                .addValue(longs(rows, row -> row.getValue().function.egressBytes()));
    }

    private Tuple requests(List<UsageRecord> records) {
        var rows = records.stream()
                .sorted(Comparator.comparing((UsageRecord usage) -> usage.status() < 400))
                .limit(config.requestLogPerFlush())
                .sorted(Comparator.comparingLong(UsageRecord::atMillis))
                .toList();
        return Tuple.tuple()
                .addValue(array(rows, UsageRecord::projectId, UUID[]::new))
                .addValue(array(rows, usage -> time(usage.atMillis()), OffsetDateTime[]::new))
                .addValue(array(rows, UsageRecord::requestId, String[]::new))
                .addValue(array(rows, usage -> usage.service().label(), String[]::new))
                .addValue(array(rows, UsageRecord::operation, String[]::new))
                .addValue(array(rows, usage -> (short) usage.status(), Short[]::new))
                .addValue(longs(rows, UsageRecord::durationMicros))
                .addValue(longs(rows, UsageRecord::databaseMicros))
                .addValue(longs(rows, UsageRecord::bytesIn))
                .addValue(longs(rows, UsageRecord::bytesOut))
                .addValue(array(rows, UsageRecord::role, String[]::new))
                .addValue(array(rows, UsageRecord::client, String[]::new));
    }

    private Future<Void> clean() {
        var now = System.currentTimeMillis();
        if (now - cleanedAtMillis < CLEAN_INTERVAL_MILLIS) {
            return Future.succeededFuture();
        }
        cleanedAtMillis = now;
        return database.query(
                        CLEAN, Tuple.of(time(now - config.requestLogRetention().toMillis())))
                .mapEmpty();
    }

    private static OffsetDateTime time(long millis) {
        return Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC);
    }

    private static <R, T> T[] array(List<R> rows, Function<R, T> value, java.util.function.IntFunction<T[]> newArray) {
        return rows.stream().map(value).toArray(newArray);
    }

    private static <R> Long[] longs(List<R> rows, ToLongFunction<R> value) {
        return rows.stream().map(value::applyAsLong).toArray(Long[]::new);
    }
}
