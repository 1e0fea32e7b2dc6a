package dev.basalt.kit.control;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.pubsub.PgSubscriber;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The control database of this installation, through one small pool. Safe for use by any thread; futures complete on
 * the caller's context.
 */
@Singleton
public class ControlDatabase {
    private final Vertx vertx;
    private final ServerAddress address;
    private final Pool pool;
    private final long timeoutMillis;

    @Inject
    public ControlDatabase(Vertx vertx, DatabaseConfig config) {
        this.vertx = vertx;
        this.address = ServerAddress.parse(
                config.url().orElseThrow(() -> new IllegalStateException("BASALT_DATABASE_URL is not set")));
        this.timeoutMillis = config.controlTimeout().toMillis();
        this.pool = PgBuilder.pool()
                .with(new PoolOptions()
                        .setMaxSize(config.controlPoolSize())
                        .setMaxWaitQueueSize(config.waitQueueSize())
                        .setConnectionTimeout(0)
                        .setIdleTimeout((int) config.connectionIdle().toSeconds())
                        .setIdleTimeoutUnit(TimeUnit.SECONDS))
                .connectingTo(connectOptions(config))
                .using(vertx)
                .build();
    }

    /** The server that holds the control database. */
    public ServerAddress address() {
        return address;
    }

    /** Runs one statement; {@code $1} and on are the parameters. */
    public Future<RowSet<Row>> query(String sql, Tuple parameters) {
        return pool.preparedQuery(sql).execute(parameters).timeout(timeoutMillis, TimeUnit.MILLISECONDS);
    }

    /** Runs the work in one transaction, rolled back if its future fails. */
    @SuppressWarnings("NullAway") // Vert.x marks every result of a transaction nullable; it is what the work returns.
    public <T> Future<T> transaction(Function<SqlConnection, Future<T>> work) {
        return pool.withTransaction(work);
    }

    /**
     * A connection of its own that listens for notifications and connects again, with growing delay, when it was lost. The
     * caller closes it.
     */
    public PgSubscriber subscriber() {
        return PgSubscriber.subscriber(vertx, connectOptions(null))
                .reconnectPolicy(attempt -> Math.min(10_000L, 100L << Math.min(attempt, 7)));
    }

    private PgConnectOptions connectOptions(@Nullable DatabaseConfig config) {
        var options = new PgConnectOptions()
                .setHost(address.host())
                .setPort(address.port())
                .setUser(address.user())
                .setPassword(address.password().value())
                .setDatabase(address.database())
                .addProperty("application_name", "basalt-control");
        if (config != null) {
            options.setCachePreparedStatements(true)
                    .setConnectTimeout((int) config.connectTimeout().toMillis());
        }
        return options;
    }

    @PreDestroy
    void close() {
        pool.close();
    }
}
