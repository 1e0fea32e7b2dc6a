package dev.basalt.data.sql;

import dev.basalt.data.schema.SchemaCaches;
import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.event.EventSink;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.SqlResult;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs SQL as the project's owner, on connections that serve nothing else and are wiped after each request. Safe for use
 * by any thread.
 */
@ApplicationScoped
public class SqlService {
    private static final String PREPARE = "PREPARE basalt_query AS ";

    private final ProjectDatabases databases;
    private final SchemaCaches schemas;
    private final Instance<EventSink> events;
    private final SqlConfig config;

    @Inject
    SqlService(ProjectDatabases databases, SchemaCaches schemas, Instance<EventSink> events, SqlConfig config) {
        this.databases = databases;
        this.schemas = schemas;
        this.events = events;
        this.config = config;
    }

    /** The answer's JSON: one result, or {@code {"results":[…]}} for a transaction. */
    Future<Buffer> run(RequestContext context, SqlRequest request) {
        return databases.owner(context, connection -> run(connection, request)).compose(answer -> {
            if (request.writes()
                    && events.isResolvable()
                    && !context.project().triggers().isEmpty()) {
                events.get().nudge(context.project());
            }
            return request.mayChangeSchema()
                    // Whoever creates a table may use it as soon as this is answered.
                    ? schemas.changed(context).transform(_ -> Future.succeededFuture(answer))
                    : Future.succeededFuture(answer);
        });
    }

    /**
     * Statements in a transaction of somebody else's, on a connection of the project's owner.
     *
     * @param statements {@code [{query, params}…]}; none that would end the transaction
     * @return their results as a JSON array; fails with a {@link SqlError} that says which statement it was
     */
    public Future<Buffer> within(SqlConnection connection, JsonArray statements) {
        var request = SqlRequest.within(statements, config.maxStatements());
        var results = new SqlResults(config, false, () -> cancel(connection));
        return connection
                .query("SET LOCAL statement_timeout = "
                        + config.statementTimeout().toMillis())
                .execute()
                .compose(_ -> all(connection, request, results, true))
                .map(encoded -> joined("[", encoded, "]"));
    }

    private Future<Buffer> run(SqlConnection connection, SqlRequest request) {
        var results = new SqlResults(config, request.arrays(), () -> cancel(connection));
        var begin = request.begin();
        return connection
                .query("SET statement_timeout = " + config.statementTimeout().toMillis())
                .execute()
                .compose(done -> begin == null
                        ? Future.succeededFuture(done)
                        : connection.query(begin).execute())
                .compose(_ -> all(connection, request, results, begin != null))
                .compose(encoded -> begin == null
                        ? Future.succeededFuture(Buffer.buffer(encoded.getFirst()))
                        : connection
                                .query("COMMIT")
                                .execute()
                                .recover(failure -> Future.failedFuture(
                                        worded(failure, request.queries().getLast(), results, -1)))
                                .map(_ -> joined("{\"results\":[", encoded, "]}")));
    }

    private Future<List<byte[]>> all(
            SqlConnection connection, SqlRequest request, SqlResults results, boolean several) {
        var encoded = new ArrayList<byte[]>();
        Future<?> last = Future.succeededFuture();
        for (int i = 0; i < request.queries().size(); i++) {
            var query = request.queries().get(i);
            int index = i;
            last = last.compose(_ -> execute(connection, query, results)
                            .recover(failure ->
                                    Future.failedFuture(worded(failure, query, results, several ? index : -1))))
                    .map(result ->
                            encoded.add(results.encode(result, query.script().lastCommand())));
        }
        return last.map(_ -> encoded);
    }

    private Future<SqlResult<SqlResults.Rows>> execute(
            SqlConnection connection, SqlRequest.Query query, SqlResults results) {
        var parameters = query.parameters();
        var done = parameters == null
                ? connection.query(query.sql()).collecting(results.collector()).execute()
                : connection
                        .query(PREPARE + query.sql())
                        .execute()
                        .compose(_ -> SqlParameters.needTypes(parameters)
                                ? parameterTypes(connection)
                                : Future.succeededFuture(List.<String>of()))
                        .compose(types -> connection
                                .query("EXECUTE basalt_query(" + SqlParameters.constants(parameters, types) + ")")
                                .collecting(results.collector())
                                .execute())
                        .compose(result -> connection
                                .query("DEALLOCATE basalt_query")
                                .execute()
                                .map(_ -> result));
        return done.compose(first -> {
            var overflow = results.overflow();
            return overflow == null ? Future.succeededFuture(last(first)) : Future.failedFuture(overflow);
        });
    }

    private static Future<List<String>> parameterTypes(SqlConnection connection) {
        return connection
                .query("select parameter_types::text[] from pg_catalog.pg_prepared_statements where name ="
                        + " 'basalt_query'")
                .execute()
                .map(rows -> Arrays.asList(rows.iterator().next().getArrayOfStrings(0)));
    }

    private static SqlResult<SqlResults.Rows> last(SqlResult<SqlResults.Rows> first) {
        var result = first;
        while (result.next() != null) {
            result = result.next();
        }
        return result;
    }

    private static void cancel(SqlConnection connection) {
        PgConnection.cast(connection).cancelRequest();
    }

    private static Buffer joined(String start, List<byte[]> results, String end) {
        var joined = Buffer.buffer(start);
        for (int i = 0; i < results.size(); i++) {
            joined.appendString(i == 0 ? "" : ",").appendBytes(results.get(i));
        }
        return joined.appendString(end);
    }

    private Throwable worded(Throwable failure, SqlRequest.Query query, SqlResults results, int index) {
        var overflow = results.overflow();
        if (overflow != null) {
            return overflow;
        }
        return failure instanceof PgException pg
                ? SqlFailure.of(pg, query.parameters() == null ? 0 : PREPARE.length(), index, config)
                : failure;
    }
}
