package dev.basalt.kit.database;

import dev.basalt.kit.database.ProjectDatabases.Mode;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a request's transaction begins, and what ends it early. Immutable.
 *
 * @param first statements that run as the caller before the request's own, in the same round trip
 * @param cleaned whether the session is rid afterwards of what functions may have left in it besides settings, which never
 *     outlive a transaction: temporary tables, locks, prepared statements
 * @param abandoned completes when nobody waits for the outcome any more: what runs then is cancelled on the server;
 *     null when it runs to its end
 */
public record TransactionStart(
        Mode mode,
        Isolation isolation,
        List<First> first,
        boolean cleaned,
        @Nullable Future<Void> abandoned) {
    public TransactionStart {
        first = List.copyOf(first);
    }

    /** A statement that runs first. */
    public record First(String sql, Tuple parameters) {}

    /** PostgreSQL's isolation levels. */
    public enum Isolation {
        DEFAULT(""),
        READ_COMMITTED(" ISOLATION LEVEL READ COMMITTED"),
        REPEATABLE_READ(" ISOLATION LEVEL REPEATABLE READ"),
        SERIALIZABLE(" ISOLATION LEVEL SERIALIZABLE");

        private final String clause;

        Isolation(String clause) {
            this.clause = clause;
        }
    }

    /** A transaction with nothing special about it. */
    public static TransactionStart of(Mode mode) {
        return new TransactionStart(mode, Isolation.DEFAULT, List.of(), false, null);
    }

    /** The same, but for what ends it early. */
    public TransactionStart until(Future<Void> abandonment) {
        return new TransactionStart(mode, isolation, first, cleaned, abandonment);
    }

    String begin() {
        return "BEGIN" + isolation.clause + (mode == Mode.READ ? " READ ONLY" : "");
    }
}
