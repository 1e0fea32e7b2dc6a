package dev.basalt.data.sql;

import dev.basalt.data.schema.SchemaCaches;
import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.event.EventSink;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.streams.ReadStream;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Runs SQL as the project's owner, on connections that serve nothing else and are wiped after each request; for a user, in a
 * transaction that takes the user's role and claims. Safe for use by any thread.
 */
@ApplicationScoped
public class SqlService {
    private static final Set<String> STREAMED = Set.of("SELECT", "VALUES", "TABLE");

    private final Vertx vertx;
    private final ProjectDatabases databases;
    private final SchemaCaches schemas;
    private final Instance<EventSink> events;
    private final SqlConfig config;

    @Inject
    SqlService(
            Vertx vertx,
            ProjectDatabases databases,
            SchemaCaches schemas,
            Instance<EventSink> events,
            SqlConfig config) {
        this.vertx = vertx;
        this.databases = databases;
        this.schemas = schemas;
        this.events = events;
        this.config = config;
    }

    /**
     * The answer's JSON: one result, or {@code {"results":[…]}} for a transaction.
     *
     * @param abandoned completes when the client is gone: what runs is cancelled and rolled back
     */
    Future<Buffer> run(RequestContext context, SqlRequest asked, Future<Void> abandoned) {
        var request = bound(context, asked);
        return databases
                .owner(context, abandoned, connection -> run(connection, request, context.caller()))
                .recover(failure -> Future.failedFuture(told(failure)))
                .compose(answer -> {
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
     * The rows of one reading query as NDJSON, fetched as fast as they are read. Fails like {@link #run} before the first row.
     *
     * @param abandoned completes when the client is gone: the transaction is rolled back
     */
    Future<Rows> stream(RequestContext context, SqlRequest asked, Future<Void> abandoned) {
        var request = asked.inTransaction();
        var query = request.queries().getFirst();
        if (request.several()
                || query.script().statements().size() != 1
                || !STREAMED.contains(query.script().lastCommand())) {
            throw SqlRequest.invalid("application/x-ndjson answers exactly one query that reads.");
        }
        var opened = Promise.<Rows>promise();
        var gone = Promise.<Void>promise();
        abandoned.onSuccess(_ -> gone.tryComplete());
        databases
                .owner(context, gone.future(), connection -> {
                    var statements = new SqlStatements(connection, config);
                    var stream = new SqlStream(
                            vertx, connection, statements, query, request.arrays(), config, gone::tryComplete);
                    gone.future().onSuccess(_ -> stream.cancel());
                    statements
                            .begin(request.transaction(), context.caller())
                            .compose(_ -> statements.declare(SqlStream.CURSOR, query))
                            .recover(failure -> Future.failedFuture(statements.worded(failure, query, true, -1)))
                            .compose(_ -> stream.open())
                            .onSuccess(rows -> opened.tryComplete(new Rows(rows, gone::tryComplete)))
                            .onFailure(stream::fail);
                    return stream.ended();
                })
                .onFailure(failure -> opened.tryFail(told(failure)));
        return opened.future();
    }

    /**
     * Rows on their way.
     *
     * @param abandoned is run when nobody reads them any more
     */
    record Rows(ReadStream<Buffer> stream, Runnable abandoned) {}

    /** A user's role and claims hold for one transaction. */
    private static SqlRequest bound(RequestContext context, SqlRequest request) {
        return context.caller() instanceof Caller.User ? request.inTransaction() : request;
    }

    /**
     * Statements in a transaction that somebody else began, on a connection of the project's owner.
     *
     * @param statements {@code [{query, params}…]}; none that would end the transaction
     * @return their results as a JSON array; fails with a {@link SqlError} that says which statement it was
     */
    public Future<Buffer> within(SqlConnection connection, JsonArray statements) {
        var request = SqlRequest.parse(new JsonObject().put("transaction", statements), config.maxStatements());
        var results = new SqlResults(config, request.arrays(), () -> cancel(connection));
        var limited = connection
                .query("SET LOCAL statement_timeout = "
                        + config.statementTimeout().toMillis())
                .execute();
        return all(new SqlStatements(connection, config), limited, request, results)
                .map(encoded -> joined("[", encoded, "]"));
    }

    private Future<Buffer> run(SqlConnection connection, SqlRequest request, Caller caller) {
        var results = new SqlResults(config, request.arrays(), () -> cancel(connection));
        var statements = new SqlStatements(connection, config);
        return all(statements, statements.begin(request.transaction(), caller), request, results)
                .compose(encoded -> ended(statements, request, results)
                        .map(_ -> request.several()
                                ? joined("{\"results\":[", encoded, "]}")
                                : Buffer.buffer(encoded.getFirst())));
    }

    private static Future<?> ended(SqlStatements statements, SqlRequest request, SqlResults results) {
        return request.transaction() == null
                ? Future.succeededFuture()
                : statements
                        .commit()
                        .recover(failure ->
                                worded(statements, failure, request.queries().getLast(), results, -1));
    }

    private static Future<List<byte[]>> all(
            SqlStatements statements, Future<?> begun, SqlRequest request, SqlResults results) {
        var encoded = new ArrayList<byte[]>();
        Future<?> last = begun;
        for (int i = 0; i < request.queries().size(); i++) {
            var query = request.queries().get(i);
            int index = request.several() ? i : -1;
            last = last.compose(_ -> statements
                            .execute(query, results)
                            .recover(failure -> worded(statements, failure, query, results, index)))
                    .map(result ->
                            encoded.add(results.encode(result, query.script().lastCommand())));
        }
        return last.map(_ -> encoded);
    }

    private static <T> Future<T> worded(
            SqlStatements statements, Throwable failure, SqlRequest.Query query, SqlResults results, int index) {
        var overflow = results.overflow();
        return Future.failedFuture(
                overflow != null ? overflow : statements.worded(failure, query, query.parameters() != null, index));
    }

    /** A few SQLSTATEs end the connection before the statement hears of them. */
    private Throwable told(Throwable failure) {
        return failure instanceof PgException unheard ? SqlFailure.of(unheard, 0, -1, config) : failure;
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
}
