package dev.basalt.kit.database;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Scheduler;
import dev.basalt.kit.control.DatabaseConfig;
import dev.basalt.kit.lifecycle.BasaltConfig;
import dev.basalt.kit.project.Project;
import dev.basalt.kit.project.ProjectDatabase;
import dev.basalt.kit.request.RequestMeter;
import dev.basalt.kit.secret.Secret;
import dev.basalt.kit.work.Caches;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.impl.codec.PgCodec;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.impl.SqlConnectionInternal;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One pool a project and login, opened at first use. An idle pool leaves the cache and closes once nothing runs on it.
 * Safe for use by any thread.
 *
 * <p>A pool is made of parts, one an event loop where it has enough connections, so that a request's connection is read and
 * written by the thread that serves the request: waking another thread for each statement costs more than the statement.
 */
@Singleton
class ProjectPools {
    /** What a request's cookies are when it has none. */
    static final String NO_COOKIES = "{}";
    /** Settings that a connection begins with and {@code RESET ALL} goes back to. */
    static final Map<String, String> DEFAULTS = Map.of("request.cookies", NO_COOKIES, "basalt.event_depth", "0");

    private static final int PIPELINE = 64;
    /** The most reads that share a pipeline: their statements have to fit in. */
    private static final int MOST_SHARE = 8;
    /** Reads that take longer than this together are cancelled, and each runs again by itself. */
    private static final long LONGEST_SHARE_MILLIS = 1_000;
    /** A part with fewer connections would make requests wait while other parts have idle ones. */
    private static final int MIN_PART = 4;

    private final Vertx vertx;
    private final DatabaseConfig config;
    private final ConnectionGuard guard;
    private final Cache<String, CountedPool> requestPools;
    private final Cache<String, CountedPool> ownerPools;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Counter shared;
    /** Whether reads may share a pipeline: a span of the client's is of one trace. */
    private final boolean shares;

    @Inject
    ProjectPools(Vertx vertx, DatabaseConfig config, BasaltConfig basalt, MeterRegistry metrics) {
        this.vertx = vertx;
        this.config = config;
        this.guard = new ConnectionGuard(vertx, config.connectTimeout());
        this.requestPools = cache();
        this.ownerPools = cache();
        metrics.gauge("basalt.pools.open", requestPools, Cache::estimatedSize);
        metrics.gauge("basalt.pools.waiting", waiting);
        this.shares = basalt.telemetryDisabled();
        this.shared = metrics.counter("basalt.pools.reads.shared");
    }

    private Cache<String, CountedPool> cache() {
        return Caches.builder()
                .maximumSize(config.maxOpenProjects())
                .expireAfterAccess(config.poolIdle())
                .scheduler(Scheduler.systemScheduler())
                .removalListener(
                        (@Nullable String name, @Nullable CountedPool pool, RemovalCause cause) -> retire(pool))
                .build();
    }

    /**
     * Work on a connection for requests, whose login can take that role and no other.
     *
     * @param abandoned completes when nobody waits for the work any more: it is cancelled on the server, if it still runs;
     *     null when it runs to its end
     */
    <T> Future<T> requests(
            Project project,
            String role,
            RequestMeter meter,
            @Nullable Future<Void> abandoned,
            Function<SqlConnection, Future<T>> work) {
        var pool = enter(requestPools(project, role));
        return use(pool, meter, connection(pool.pool()), abandoned, work);
    }

    /**
     * A read on a connection for requests. Where all of them are taken, quick reads of an event loop share the next one that
     * comes free.
     */
    Future<RowSet<Row>> read(Project project, String role, RequestMeter meter, WholeTransaction read) {
        var pools = requestPools(project, role);
        var pool = enter(pools);
        var quick = shares && Context.isOnEventLoopThread() && pool.paces().quick(read.sql());
        var batch = quick ? pool.waiting() : null;
        if (batch == null) {
            var connecting = connection(pool.pool());
            if (!quick || connecting.isComplete()) {
                return alone(pool, meter, connecting, read);
            }
            batch = batch(pool, connecting);
        } else {
            waiting.incrementAndGet();
            shared.increment();
        }
        var start = System.nanoTime();
        var answer = ((ContextInternal) vertx.getOrCreateContext()).<RowSet<Row>>promise();
        batch.add(read, answer, () -> {
            var again = enter(pools);
            return alone(again, meter, connection(again.pool()), read);
        });
        if (batch.size() == MOST_SHARE) {
            pool.waiting(null);
        }
        return leave(pool, meter, start, answer.future());
    }

    /** A batch that takes the reads of this event loop until there is a connection for it. */
    private ReadBatch batch(CountedPool pool, Future<SqlConnection> connecting) {
        var batch = new ReadBatch();
        pool.waiting(batch);
        pool.stay();
        connecting
                .onComplete(connected -> {
                    waiting.addAndGet(1 - batch.size());
                    if (pool.waiting() == batch) {
                        pool.waiting(null);
                    }
                })
                .compose(connection -> run(pool, connection, batch))
                .onFailure(batch::fail)
                .onComplete(ended -> pool.leave());
        return batch;
    }

    private Future<Boolean> run(CountedPool pool, SqlConnection connection, ReadBatch batch) {
        var late = Promise.<Void>promise();
        var timer = vertx.setTimer(LONGEST_SHARE_MILLIS, due -> late.tryComplete());
        var start = System.nanoTime();
        return guard.run(connection, late.future(), guarded -> batch.run(guarded, late.future()::isComplete))
                .onComplete(ended -> {
                    vertx.cancelTimer(timer);
                    var nanos = System.nanoTime() - start;
                    var well = Boolean.TRUE.equals(ended.result());
                    batch.reads().forEach(read -> pool.paces().ran(read.sql(), nanos, well));
                })
                .eventually(() -> connection.close());
    }

    private Future<RowSet<Row>> alone(
            CountedPool pool, RequestMeter meter, Future<SqlConnection> connecting, WholeTransaction read) {
        return use(pool, meter, connecting, read.abandoned(), connection -> {
            var start = System.nanoTime();
            return read.run(connection)
                    .onComplete(ended -> pool.paces().ran(read.sql(), System.nanoTime() - start, ended.succeeded()));
        });
    }

    private Supplier<CountedPool> requestPools(Project project, String role) {
        var database = project.database();
        var login = database.login(role);
        var key = key(database, login);
        return () -> requestPools.get(
                key,
                absent -> open(database, login, database.appPassword(), config.projectPoolSize(), Optional.of(role)));
    }

    <T> Future<T> owner(
            Project project,
            RequestMeter meter,
            @Nullable Future<Void> abandoned,
            Function<SqlConnection, Future<T>> work) {
        var database = project.database();
        var key = key(database, database.ownerRole());
        // DISCARD ALL drops prepared statements on the server, so the client must not remember them either.
        var pool = enter(() -> ownerPools.get(
                key,
                absent -> open(
                        database,
                        database.ownerRole(),
                        database.ownerPassword(),
                        config.ownerPoolSize(),
                        Optional.empty())));
        return use(pool, meter, connection(pool.pool()), abandoned, work);
    }

    private static String key(ProjectDatabase database, String role) {
        return database.host() + ":" + database.port() + "/" + database.name() + "/" + role;
    }

    private static CountedPool enter(Supplier<CountedPool> pools) {
        var pool = pools.get();
        while (!pool.enter()) {
            // Retired between look-up and use: the cache no longer holds it, the next look-up opens another.
            pool = pools.get();
        }
        return pool;
    }

    private <T> Future<T> use(
            CountedPool pool,
            RequestMeter meter,
            Future<SqlConnection> connecting,
            @Nullable Future<Void> abandoned,
            Function<SqlConnection, Future<T>> work) {
        var start = System.nanoTime();
        return leave(
                pool,
                meter,
                start,
                connecting.compose(
                        connection -> guard.run(connection, abandoned, work).eventually(() -> connection.close())));
    }

    private static <T> Future<T> leave(CountedPool pool, RequestMeter meter, long start, Future<T> done) {
        return done.onComplete(ended -> {
            meter.addDatabaseNanos(System.nanoTime() - start);
            pool.leave();
        });
    }

    /** A connection within the time that a request waits; one that comes later goes back to the pool. */
    private Future<SqlConnection> connection(Pool pool) {
        var connecting = pool.getConnection();
        if (connecting.isComplete()) {
            return connecting;
        }
        waiting.incrementAndGet();
        return connecting
                .onComplete(done -> waiting.decrementAndGet())
                .timeout(config.connectionWait().toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(failure -> connecting.onSuccess(late -> late.close()));
    }

    /** @param requestsAs the role of the requests whose statements may be kept, if it is for requests */
    private CountedPool open(
            ProjectDatabase database, String login, Secret password, int size, Optional<String> requestsAs) {
        var connect = new PgConnectOptions()
                .setHost(database.host())
                .setPort(database.port())
                .setDatabase(database.name())
                .setUser(login)
                .setPassword(password.value())
                .setCachePreparedStatements(requestsAs.isPresent())
                .setPipeliningLimit(PIPELINE)
                .setConnectTimeout((int) config.connectTimeout().toMillis())
                .addProperty("application_name", "basalt")
                .addProperty(
                        "statement_timeout",
                        Long.toString(config.statementTimeout().toMillis()))
                .addProperty("idle_in_transaction_session_timeout", "10000");
        DEFAULTS.forEach(connect::addProperty);
        // The platform acts for a caller of another role, whom the claims name.
        requestsAs
                .filter(role -> !role.equals(ProjectDatabases.PLATFORM))
                .ifPresent(role -> connect.addProperty("request.jwt.claim.role", role));
        int parts = parts(size);
        var pools = new ArrayList<Pool>(parts);
        for (int part = 0; part < parts; part++) {
            // As many connections in all as one pool would have.
            pools.add(pool(
                    connect,
                    size / parts + (part < size % parts ? 1 : 0),
                    Math.ceilDiv(config.waitQueueSize(), parts)));
        }
        return new CountedPool(pools);
    }

    /** How many parts a pool of that many connections is made of. */
    private static int parts(int size) {
        return Math.max(1, Math.min(Runtime.getRuntime().availableProcessors(), size / MIN_PART));
    }

    private Pool pool(PgConnectOptions connect, int size, int waitQueueSize) {
        var options = new PoolOptions()
                .setMaxSize(size)
                .setMaxWaitQueueSize(waitQueueSize)
                // The pool's own limit completes a request twice when a connect fails meanwhile: see connection().
                .setConnectionTimeout(0)
                .setIdleTimeout((int) config.connectionIdle().toSeconds())
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
        return PgBuilder.pool()
                .with(options)
                .connectingTo(connect)
                .withConnectHandler(ProjectPools::joinFlushes)
                .using(vertx)
                .build();
    }

    /**
     * Makes the statements that a request sends at once leave in one packet and as one pipeline: the client flushes each by
     * itself, and each would be a system call here and a wake-up of PostgreSQL there.
     */
    private static void joinFlushes(SqlConnection connection) {
        if (connection instanceof SqlConnectionInternal pooled
                && pooled.unwrap().unwrap() instanceof SocketConnectionBase socket) {
            var pipeline = socket.socket().channelHandlerContext().pipeline();
            var codec = pipeline.context(PgCodec.class).name();
            pipeline.addBefore(codec, "join", new PipelineJoiner());
            pipeline.addBefore(codec, "flush", new FlushConsolidationHandler(PIPELINE, true));
        }
        connection.close();
    }

    private static void retire(@Nullable CountedPool pool) {
        if (pool != null) {
            pool.retire();
        }
    }

    @PreDestroy
    void close() {
        requestPools.invalidateAll();
        ownerPools.invalidateAll();
    }
}
