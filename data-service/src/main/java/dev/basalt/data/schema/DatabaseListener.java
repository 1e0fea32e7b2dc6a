package dev.basalt.data.schema;

import dev.basalt.kit.project.ProjectDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgNotification;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A connection that listens for what a project's database notifies. A broken connection is made again, with backoff and
 * jitter, until closed.
 *
 * <p>Safe for use by any thread.
 */
public final class DatabaseListener {
    private final Vertx vertx;
    private final PgConnectOptions options;
    private final Duration longestBackoff;
    private final String listen;
    private final Consumer<PgNotification> onNotification;
    private final Runnable onReconnect;

    private @Nullable Future<Void> starting;
    private @Nullable PgConnection connection;
    private boolean closed;
    private int attempts;

    /**
     * A listener that is not connected yet.
     *
     * @param purpose what the connection is called in the database
     * @param channels names that need no quotes
     * @param onReconnect runs when the connection was made anew: what was notified meanwhile is lost
     */
    public DatabaseListener(
            Vertx vertx,
            ProjectDatabase database,
            String purpose,
            Duration longestBackoff,
            List<String> channels,
            Consumer<PgNotification> onNotification,
            Runnable onReconnect) {
        this.vertx = vertx;
        this.longestBackoff = longestBackoff;
        this.listen = channels.stream().map(channel -> "LISTEN " + channel).collect(Collectors.joining("; "));
        this.onNotification = onNotification;
        this.onReconnect = onReconnect;
        this.options = new PgConnectOptions()
                .setHost(database.host())
                .setPort(database.port())
                .setDatabase(database.name())
                .setUser(database.login("basalt_platform"))
                .setPassword(database.appPassword().value())
                .setTcpKeepAlive(true)
                .addProperty("application_name", "basalt " + purpose);
    }

    /** Listens; once for all callers. Completes when changes from now on are seen, fails if the first attempt does. */
    public synchronized Future<Void> start() {
        if (starting == null) {
            starting = connect();
        }
        return starting;
    }

    public synchronized void close() {
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
        fresh.notificationHandler(onNotification::accept);
        fresh.closeHandler(_ -> lost(fresh));
        return fresh.query(listen)
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
            var longest = longestBackoff.toMillis();
            var base = Math.min(longest, Math.max(1, longest / 100) << Math.min(attempts++, 20));
            delay = base / 2 + ThreadLocalRandom.current().nextLong(base / 2 + 1) + 1;
        }
        vertx.setTimer(delay, _ -> connect().onSuccess(_ -> onReconnect.run()));
    }
}
