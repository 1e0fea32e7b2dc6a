package dev.basalt.data.documents.write;

import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.function.Supplier;

/** A transaction on a connection of the project's owner, in which SQL sees who asked. Stateless. */
final class OwnerTransaction {
    private static final String SETTINGS =
            "select set_config('request.jwt.claims', $1, true), set_config('basalt.event_depth', $2, true)";

    private OwnerTransaction() {}

    /** Commits when the work's future succeeds and rolls back when it fails. */
    static <T> Future<T> run(SqlConnection connection, RequestContext context, Supplier<Future<T>> work) {
        return connection
                .query("BEGIN")
                .execute()
                .compose(_ -> connection
                        .preparedQuery(SETTINGS)
                        .execute(Tuple.of(context.caller().claimsJson(), Integer.toString(context.triggerDepth()))))
                .compose(_ -> work.get())
                .transform(done -> done.succeeded()
                        ? connection.query("COMMIT").execute().map(_ -> done.result())
                        : connection.query("ROLLBACK").execute().transform(_ -> Future.<T>failedFuture(done.cause())));
    }
}
