package dev.basalt.data.schema;

import dev.basalt.kit.project.ProjectDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A connection that listens for {@code NOTIFY pgrst}, which a project's database sends after DDL and which migrations
 * written for PostgREST send by themselves. A broken connection is made again, with backoff and jitter, until closed.
 *
 * <p>Safe for use by any thread.
 */
final class SchemaListener {
    private static final String CHANNEL = "pgrst";

    private final Vertx vertx;
    private final PgConnectOptions options;
    private final SchemaConfig config;
    private final Runnable onChange;

    private @Nullable Future<Void> starting;
    private @Nullable PgConnection connection;
    private boolean closed;
    private int attempts;

    SchemaListener(Vertx vertx, ProjectDatabase database, SchemaConfig config, Runnable onChange) {
        this.vertx = vertx;
        this.config = config;
        this.onChange = onChange;
        this.options = new PgConnectOptions()
                .setHost(database.host())
                .setPort(database.port())
                .setDatabase(database.name())
                .setUser(database.login("basalt_platform"))
                .setPassword(database.appPassword().value())
                .setTcpKeepAlive(true)
                .addProperty("application_name", "basalt schema");
    }

    /** Listens; once for all callers. Completes when changes from now on are seen, fails if the first attempt does. */
    synchronized Future<Void> start() {
        if (starting == null) {
            starting = connect();
        }
        return starting;
    }

    synchronized void close() {
        closed = true;
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    private Future<Void> connect() {
        return PgConnection.connect(vertx, options).compose(this::listen).onFailure(_ -> later());
    }

    private Future<Void> listen(PgConnection fresh) {
        synchronized (this) {
            if (closed) {
                return fresh.close();
            }
            connection = fresh;
        }
        fresh.notificationHandler(_ -> onChange.run());
        fresh.closeHandler(_ -> lost(fresh));
        return fresh.query("LISTEN " + CHANNEL)
                .execute()
                .map(_ -> {
                    reset();
                    return (Void) null;
                })
                .onFailure(_ -> fresh.close());
    }

    private synchronized void reset() {
        attempts = 0;
    }

    private void lost(PgConnection gone) {
        synchronized (this) {
            if (!gone.equals(connection)) {
                return;
            }
            connection = null;
        }
        later();
    }

    private void later() {
        long delay;
        synchronized (this) {
            if (closed || connection != null) {
                return;
            }
            var longest = config.listenBackoff().toMillis();
            var base = Math.min(longest, Math.max(1, longest / 100) << Math.min(attempts++, 20));
            delay = base / 2 + ThreadLocalRandom.current().nextLong(base / 2 + 1) + 1;
        }
        // What changed while nobody listened is not announced again, hence the reload.
        vertx.setTimer(delay, _ -> connect().onSuccess(_ -> onChange.run()));
    }
}
