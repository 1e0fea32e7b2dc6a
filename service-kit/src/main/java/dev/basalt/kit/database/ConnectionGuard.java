package dev.basalt.kit.database;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.impl.SqlConnectionInternal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Ends work on a pooled connection when nobody waits for it any more, or when the connection ends. Thread-safe. */
final class ConnectionGuard {
    private final Vertx vertx;
    private final Duration closeTimeout;

    /** @param closeTimeout how long the end of a connection may take */
    ConnectionGuard(Vertx vertx, Duration closeTimeout) {
        this.vertx = vertx;
        this.closeTimeout = closeTimeout;
    }

    /**
     * Runs work until it ends, is abandoned or its connection does.
     *
     * @param abandoned completes when nobody waits for the work any more: it is cancelled on the server, if it still runs;
     *     null when it runs to its end
     */
    <T> Future<T> run(
            SqlConnection connection, @Nullable Future<Void> abandoned, Function<SqlConnection, Future<T>> work) {
        return guarded(connection, guarded -> cancellable(guarded, abandoned, work));
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
                        : removed.future().timeout(closeTimeout.toMillis(), TimeUnit.MILLISECONDS));
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
}
