package dev.basalt.data.sql;

import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.error.ApiException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.SqlResult;
import io.vertx.sqlclient.Tuple;
import java.time.DateTimeException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Statements of one request on its connection. Values go through {@code PREPARE} and {@code EXECUTE}, so that PostgreSQL reads
 * them as the types that it gave the parameters. Used by one event loop.
 */
final class SqlStatements {
    private static final String PREPARE = "PREPARE basalt_query AS ";
    private static final String DEALLOCATE = "DEALLOCATE basalt_query";
    private static final String PARAMETER_TYPES =
            "select parameter_types::text[] from pg_catalog.pg_prepared_statements where name = 'basalt_query'";
    private static final String SET_CALLER = """
            select pg_catalog.set_config('role', $1, true), pg_catalog.set_config('request.jwt.claims', $2, true),
              pg_catalog.set_config('request.jwt.claim.sub', $3, true)""";

    private final SqlConnection connection;
    private final SqlConfig config;

    SqlStatements(SqlConnection connection, SqlConfig config) {
        this.connection = connection;
        this.config = config;
    }

    /** The session's limits, then the transaction, if there is one, as its caller. */
    Future<?> begin(SqlRequest.@Nullable Transaction transaction, Caller caller) {
        var limited = connection
                .query("SET statement_timeout = " + config.statementTimeout().toMillis())
                .execute();
        if (transaction == null) {
            return limited;
        }
        var begun = limited.compose(_ -> connection.query(transaction.begin()).execute());
        return caller instanceof Caller.User
                ? begun.compose(_ -> connection
                        .preparedQuery(SET_CALLER)
                        .execute(Tuple.of(caller.role().databaseName(), caller.claimsJson(), caller.subject())))
                : begun;
    }

    Future<?> commit() {
        return connection.query("COMMIT").execute();
    }

    /** Runs one query; of several statements the result is the last one's. */
    Future<SqlResult<SqlResults.Rows>> execute(SqlRequest.Query query, SqlResults results) {
        var parameters = query.parameters();
        var done = parameters == null
                ? connection.query(query.sql()).collecting(results.collector()).execute()
                : prepare(query)
                        .compose(_ -> SqlParameters.needTypes(parameters)
                                ? parameterTypes()
                                : Future.succeededFuture(List.<String>of()))
                        .compose(types -> connection
                                .query("EXECUTE basalt_query(" + SqlParameters.constants(parameters, types) + ")")
                                .collecting(results.collector())
                                .execute())
                        .compose(result -> deallocate().map(_ -> result));
        return done.compose(first -> {
            var overflow = results.overflow();
            return overflow == null ? Future.succeededFuture(last(first)) : Future.failedFuture(overflow);
        });
    }

    /** Declares a cursor on one reading query, in the transaction that has begun. */
    Future<?> declare(String cursor, SqlRequest.Query query) {
        var parameters = query.parameters() == null ? new JsonArray() : query.parameters();
        return prepare(query)
                .compose(_ -> parameterTypes())
                .compose(types -> deallocate().map(types))
                .compose(types -> connection
                        .query("DECLARE " + cursor + " NO SCROLL CURSOR FOR "
                                + SqlParameters.inlined(query, parameters, types))
                        .execute());
    }

    private Future<?> prepare(SqlRequest.Query query) {
        return connection.query(PREPARE + query.sql()).execute();
    }

    private Future<?> deallocate() {
        return connection.query(DEALLOCATE).execute();
    }

    private Future<List<String>> parameterTypes() {
        return connection
                .query(PARAMETER_TYPES)
                .execute()
                .map(rows -> Arrays.asList(rows.iterator().next().getArrayOfStrings(0)));
    }

    /** PostgreSQL's failure in the API's words. */
    Throwable worded(Throwable failure, SqlRequest.Query query, boolean prepared, int index) {
        return switch (failure) {
            case PgException pg -> SqlFailure.of(pg, prepared ? PREPARE.length() : 0, index, config);
            // Values that Java has not: an infinite number, a date before our era.
            case NumberFormatException unreadable -> ApiException.of(SqlError.UNREADABLE_VALUE);
            case DateTimeException unreadable -> ApiException.of(SqlError.UNREADABLE_VALUE);
            default -> failure;
        };
    }

    private static SqlResult<SqlResults.Rows> last(SqlResult<SqlResults.Rows> first) {
        var result = first;
        while (result.next() != null) {
            result = result.next();
        }
        return result;
    }
}
