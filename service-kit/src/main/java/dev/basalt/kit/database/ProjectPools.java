package dev.basalt.kit.database;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Scheduler;
import dev.basalt.kit.control.DatabaseConfig;
import dev.basalt.kit.project.Project;
import dev.basalt.kit.project.ProjectDatabase;
import dev.basalt.kit.request.RequestMeter;
import dev.basalt.kit.secret.Secret;
import dev.basalt.kit.work.Caches;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.pgclient.impl.codec.PgCodec;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.impl.SqlConnectionInternal;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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
    /** A part with fewer connections would make requests wait while other parts have idle ones. */
    private static final int MIN_PART = 4;
    /** Event loops by the order in which they first asked for a connection. */
    private static final AtomicInteger EVENT_LOOPS = new AtomicInteger();

    private static final ThreadLocal<Integer> EVENT_LOOP = ThreadLocal.withInitial(EVENT_LOOPS::getAndIncrement);
    private final Vertx vertx;
    private final DatabaseConfig config;
    private final Cache<String, CountedPool> requestPools;
    private final Cache<String, CountedPool> ownerPools;
    private final AtomicInteger waiting = new AtomicInteger();

    @Inject
    ProjectPools(Vertx vertx, DatabaseConfig config, MeterRegistry metrics) {
        this.vertx = vertx;
        this.config = config;
        this.requestPools = cache();
        this.ownerPools = cache();
        metrics.gauge("basalt.pools.open", requestPools, Cache::estimatedSize);
        metrics.gauge("basalt.pools.waiting", waiting);
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
        var database = project.database();
        var login = database.login(role);
        var key = key(database, login);
        return use(
                () -> requestPools.get(
                        key,
                        absent -> open(
                                database, login, database.appPassword(), config.projectPoolSize(), Optional.of(role))),
                meter,
                connection -> cancellable(connection, abandoned, work));
    }

    <T> Future<T> owner(
            Project project,
            RequestMeter meter,
            @Nullable Future<Void> abandoned,
            Function<SqlConnection, Future<T>> work) {
        var database = project.database();
        var key = key(database, database.ownerRole());
        // DISCARD ALL drops prepared statements on the server, so the client must not remember them either.
        return use(
                () -> ownerPools.get(
                        key,
                        absent -> open(
                                database,
                                database.ownerRole(),
                                database.ownerPassword(),
                                config.ownerPoolSize(),
                                Optional.empty())),
                meter,
                connection -> cancellable(connection, abandoned, work));
    }

    private static String key(ProjectDatabase database, String role) {
        return database.host() + ":" + database.port() + "/" + database.name() + "/" + role;
    }

    private <T> Future<T> use(
            Supplier<CountedPool> pools, RequestMeter meter, Function<SqlConnection, Future<T>> work) {
        var pool = pools.get();
        while (!pool.enter()) {
            // Retired between look-up and use: the cache no longer holds it, the next look-up opens another.
            pool = pools.get();
        }
        var used = pool;
        var start = System.nanoTime();
        return connection(used.pool())
                .compose(connection -> guarded(connection, work).eventually(() -> connection.close()))
                .onComplete(done -> {
                    meter.addDatabaseNanos(System.nanoTime() - start);
                    used.leave();
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

    private static <T> Future<T> guarded(SqlConnection connection, Function<SqlConnection, Future<T>> work) {
        // PostgreSQL announces its end by SQLSTATEs that answer no statement. Where a function raises one, no end
        // comes, and the statement's own future may never complete.
        var outcome = Promise.<T>promise();
        connection.exceptionHandler(end -> {
            if (end instanceof PgException announced) {
                outcome.tryFail(announced);
            }
            disconnect(connection);
        });
        try {
            work.apply(connection).onSuccess(outcome::tryComplete).onFailure(outcome::tryFail);
            return outcome.future();
        } catch (RuntimeException thrown) {
            return Future.failedFuture(thrown);
        }
    }

    /**
     * Work that ends when it is abandoned. Its connection is closed then rather than pooled, because the server's
     * cancellation might come late and hit whatever runs on it next. Nobody else gets it meanwhile: work that ends before
     * its connection does waits until the pool has taken that out.
     */
    private <T> Future<T> cancellable(
            SqlConnection connection, @Nullable Future<Void> abandoned, Function<SqlConnection, Future<T>> work) {
        if (abandoned == null) {
            return work.apply(connection);
        }
        if (abandoned.succeeded()) {
            return Future.failedFuture(ClosedConnectionException.INSTANCE);
        }
        var over = new AtomicBoolean();
        var removed = Promise.<Void>promise();
        // The pool hears of the end behind this handler, on the same event loop.
        connection.closeHandler(end -> context(connection).runOnContext(next -> removed.tryComplete()));
        abandoned.onSuccess(gone -> {
            if (over.compareAndSet(false, true)) {
                PgConnection.cast(connection).cancelRequest().onComplete(sent -> disconnect(connection));
            }
        });
        return work.apply(connection)
                .eventually(() -> over.compareAndSet(false, true)
                        ? Future.<Void>succeededFuture()
                        : removed.future().timeout(config.connectTimeout().toMillis(), TimeUnit.MILLISECONDS));
    }

    private Context context(SqlConnection connection) {
        return connection instanceof SqlConnectionInternal pooled
                        && pooled.unwrap().unwrap() instanceof SocketConnectionBase socket
                ? socket.context()
                : vertx.getOrCreateContext();
    }

    /** Closes the connection itself, so that the pool makes another. */
    static void disconnect(SqlConnection connection) {
        if (connection instanceof SqlConnectionInternal pooled
                && pooled.unwrap().unwrap() instanceof SocketConnectionBase socket) {
            socket.socket().close();
        }
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

    /** A pool that closes when it is retired and the last user has left. Safe for use by any thread. */
    private static final class CountedPool {
        private static final int RETIRED = 1 << 30;
        private final List<Pool> parts;
        private final AtomicInteger users = new AtomicInteger();

        CountedPool(List<Pool> parts) {
            this.parts = List.copyOf(parts);
        }

        /** The part of the event loop that asks. */
        Pool pool() {
            return parts.get(Context.isOnEventLoopThread() ? EVENT_LOOP.get() % parts.size() : 0);
        }

        boolean enter() {
            if (users.incrementAndGet() < RETIRED) {
                return true;
            }
            leave();
            return false;
        }

        void leave() {
            if (users.decrementAndGet() == RETIRED) {
                parts.forEach(Pool::close);
            }
        }

        void retire() {
            if (users.addAndGet(RETIRED) == RETIRED) {
                parts.forEach(Pool::close);
            }
        }
    }
}
