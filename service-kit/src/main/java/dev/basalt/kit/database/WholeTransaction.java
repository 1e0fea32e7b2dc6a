package dev.basalt.kit.database;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One statement in a transaction of its own, all of which is sent at once.
 *
 * @param sql the statement, which tells it from others
 * @param abandoned completes when nobody waits for the answer any more; null if somebody always does
 * @param send sends all statements, of which the last but one answers
 */
record WholeTransaction(
        String sql, @Nullable Future<Void> abandoned, Function<SqlConnection, List<Future<RowSet<Row>>>> send) {
    /** Runs it where nothing else does. */
    Future<RowSet<Row>> run(SqlConnection connection) {
        var sent = send.apply(connection);
        return Future.join(sent)
                .transform(all -> all.succeeded() ? answer(sent) : rolledBack(connection, firstFailure(sent)));
    }

    boolean isAbandoned() {
        return abandoned != null && abandoned.succeeded();
    }

    static Future<RowSet<Row>> answer(List<Future<RowSet<Row>>> sent) {
        return sent.get(sent.size() - 2);
    }

    /** What failed first of statements that were sent together. */
    static Throwable firstFailure(List<Future<RowSet<Row>>> inOrder) {
        for (var statement : inOrder) {
            if (statement.failed()) {
                return statement.cause();
            }
        }
        throw new IllegalStateException("no statement failed");
    }

    /** The failure, once the transaction is over. */
    static <T> Future<T> rolledBack(SqlConnection connection, Throwable failure) {
        return connection.query("ROLLBACK").execute().transform(rolledBack -> Future.failedFuture(failure));
    }
}
