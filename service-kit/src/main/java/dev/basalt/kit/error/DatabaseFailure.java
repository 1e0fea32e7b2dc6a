package dev.basalt.kit.error;

import io.vertx.core.VertxException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** Tells failures of the database as a whole from failures of one statement. */
public final class DatabaseFailure {
    /** Shutdown, crash, starting up, too many connections (PostgreSQL, appendix A). */
    private static final Set<String> UNAVAILABLE = Set.of("57P01", "57P02", "57P03", "53300", "3D000");

    /** The severity of what ends a statement and not the connection: a function may raise any SQLSTATE. */
    private static final String RAISED = "ERROR";

    private DatabaseFailure() {}

    /**
     * The answer to a failure that no dialect words itself: the database is away, busy, or cancelled the statement. Empty
     * when the statement itself was at fault, which each dialect words by its SQLSTATE.
     */
    public static Optional<ApiException> asOutage(Throwable failure) {
        if (failure instanceof PgException pg) {
            var state = pg.getSqlState();
            boolean ends = !RAISED.equals(pg.getSeverity());
            if (state == null || (ends && (UNAVAILABLE.contains(state) || state.startsWith("08")))) {
                return Optional.of(unavailable(KitError.DATABASE_UNAVAILABLE, failure));
            }
            if (state.equals("57014")) {
                return Optional.of(ApiException.caused(KitError.STATEMENT_TIMEOUT, failure));
            }
            return Optional.empty();
        }
        if (failure instanceof ClosedConnectionException || failure instanceof IOException) {
            return Optional.of(unavailable(KitError.DATABASE_UNAVAILABLE, failure));
        }
        if (failure instanceof TimeoutException || isPoolFull(failure)) {
            return Optional.of(unavailable(KitError.DATABASE_BUSY, failure));
        }
        if (failure instanceof VertxException closed && "Connection was closed".equals(closed.getMessage())) {
            return Optional.of(unavailable(KitError.DATABASE_UNAVAILABLE, failure));
        }
        return Optional.empty();
    }

    /** The Vert.x pool has no type of its own for a full wait queue and for a wait that timed out. */
    private static boolean isPoolFull(Throwable failure) {
        var message = failure.getMessage();
        return failure instanceof NoStackTraceThrowable
                && message != null
                && (message.startsWith("Timeout") || message.contains("wait queue"));
    }

    private static ApiException unavailable(KitError error, Throwable cause) {
        return ApiException.caused(error, cause).withHeader("Retry-After", "1");
    }
}
