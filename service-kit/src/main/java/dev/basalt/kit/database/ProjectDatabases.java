package dev.basalt.kit.database;

import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The databases of projects, through pools that open at a project's first request and close when it is idle. Safe for
 * use by any thread; futures complete on the caller's context.
 *
 * <p>Every way in is a transaction that takes its role and settings with {@code SET LOCAL} semantics, so nothing of one
 * request is left on a pooled connection for the next.
 */
@Singleton
public class ProjectDatabases {
    /** The role of the platform itself. */
    static final String PLATFORM = "basalt_platform";

    private static final TransactionStart WRITE = TransactionStart.of(Mode.WRITE);
    private static final String RESET = "RESET ALL";
    private static final String COMMIT = "COMMIT";
    private static final String SET_CALLER = """
            select set_config('role', $1, true), set_config('request.jwt.claims', $2, true),
              set_config('request.method', $3, true), set_config('request.path', $4, true),
              set_config('request.headers', $5, true), set_config('request.jwt.claim.sub', $6, true)""";
    /** With what most requests leave at what their connection begins with: {@link ProjectPools#DEFAULTS}. */
    private static final String SET_CALLER_WITH_RARE =
            SET_CALLER + ", set_config('request.cookies', $7, true), set_config('basalt.event_depth', $8, true)";

    private static final String DISCARD = "DISCARD ALL";
    /** DISCARD ALL would also drop the statements that the client has prepared. */
    private static final String CLEAN = """
            RESET ALL; RESET ROLE; UNLISTEN *; DISCARD TEMP; DISCARD SEQUENCES; select pg_advisory_unlock_all(); close all;
            do $$ declare left_over text; begin
              for left_over in select name from pg_catalog.pg_prepared_statements where from_sql loop
                execute format('deallocate %I', left_over);
              end loop; end $$""";

    private final ProjectPools pools;

    @Inject
    public ProjectDatabases(ProjectPools pools) {
        this.pools = pools;
    }

    /** Whether a transaction may write. */
    public enum Mode {
        READ,
        WRITE
    }

    /** {@link #query(RequestContext, TransactionStart, String, Tuple)} with nothing special about the transaction. */
    public Future<RowSet<Row>> query(RequestContext context, Mode mode, String sql, Tuple parameters) {
        return query(context, TransactionStart.of(mode), sql, parameters);
    }

    /**
     * One statement as the caller, with begin, settings and commit sent along in one round trip.
     *
     * @return the statement's rows, once the commit is acknowledged; fails with the first failure
     */
    public Future<RowSet<Row>> query(RequestContext context, TransactionStart start, String sql, Tuple parameters) {
        return query(context, As.caller(context), start, sql, parameters);
    }

    /** {@link #transaction(RequestContext, TransactionStart, Function)} with nothing special about it. */
    public <T> Future<T> transaction(RequestContext context, Mode mode, Function<SqlConnection, Future<T>> work) {
        return transaction(context, TransactionStart.of(mode), work);
    }

    /** A transaction as the caller; it commits when the work's future succeeds and rolls back when it fails. */
    public <T> Future<T> transaction(
            RequestContext context, TransactionStart start, Function<SqlConnection, Future<T>> work) {
        return transaction(context, As.caller(context), start, work);
    }

    /**
     * Gives a transaction that its caller began the settings of another of the caller's requests, as if it began with them; those
     * of the request before are gone.
     */
    public Future<Void> rejoin(SqlConnection connection, RequestContext context, TransactionStart start) {
        var statements = new ArrayList<Future<RowSet<Row>>>();
        statements.add(connection.preparedQuery(RESET).execute());
        statements.addAll(set(connection, start, As.caller(context)));
        return Future.join(statements)
                .transform(all -> all.succeeded()
                        ? Future.succeededFuture()
                        : Future.failedFuture(WholeTransaction.firstFailure(statements)));
    }

    /** One statement of the platform itself on the schemas {@code auth}, {@code storage} and {@code basalt}. */
    public Future<RowSet<Row>> platformQuery(RequestContext context, String sql, Tuple parameters) {
        return query(context, As.platform(context), WRITE, sql, parameters);
    }

    /** A transaction of the platform itself on the schemas {@code auth}, {@code storage} and {@code basalt}. */
    public <T> Future<T> platformTransaction(RequestContext context, Function<SqlConnection, Future<T>> work) {
        return transaction(context, As.platform(context), WRITE, work);
    }

    private Future<RowSet<Row>> query(
            RequestContext context, As as, TransactionStart start, String sql, Tuple parameters) {
        var whole = new WholeTransaction(sql, start.abandoned(), connection -> {
            var statements = begin(connection, start, as);
            statements.add(connection.preparedQuery(sql).execute(parameters));
            statements.add(connection.preparedQuery(COMMIT).execute());
            return statements;
        });
        return start.mode() == Mode.READ && !start.cleaned()
                ? pools.read(context.project(), as.role(), context.meter(), whole)
                : pools.requests(
                        context.project(),
                        as.role(),
                        context.meter(),
                        start.abandoned(),
                        connection -> whole.run(connection).onComplete(ended -> clean(connection, start)));
    }

    private <T> Future<T> transaction(
            RequestContext context, As as, TransactionStart start, Function<SqlConnection, Future<T>> work) {
        return pools.requests(context.project(), as.role(), context.meter(), start.abandoned(), connection -> {
            var statements = begin(connection, start, as);
            var begun = Future.join(statements)
                    .transform(all -> all.succeeded()
                            ? Future.succeededFuture()
                            : Future.failedFuture(WholeTransaction.firstFailure(statements)));
            return finish(connection, begun.compose(ready -> work.apply(connection)))
                    .onComplete(ended -> clean(connection, start));
        });
    }

    /** Goes out behind the end of the transaction and before whatever runs on the connection next; nobody waits for it. */
    private static void clean(SqlConnection connection, TransactionStart start) {
        if (start.cleaned()) {
            connection.query(CLEAN).execute().onFailure(dirty -> ConnectionGuard.disconnect(connection));
        }
    }

    private static List<Future<RowSet<Row>>> begin(SqlConnection connection, TransactionStart start, As as) {
        var statements = new ArrayList<Future<RowSet<Row>>>(5 + start.first().size());
        // Settings of the session that an earlier transaction left are gone before this one begins.
        statements.add(connection.preparedQuery(RESET).execute());
        statements.add(connection.preparedQuery(start.begin()).execute());
        statements.addAll(set(connection, start, as));
        return statements;
    }

    private static List<Future<RowSet<Row>>> set(SqlConnection connection, TransactionStart start, As as) {
        var statements = new ArrayList<Future<RowSet<Row>>>(1 + start.first().size());
        statements.add(connection.preparedQuery(as.sql()).execute(as.settings()));
        for (var first : start.first()) {
            statements.add(connection.preparedQuery(first.sql()).execute(first.parameters()));
        }
        return statements;
    }

    /** {@link #owner(RequestContext, Future, Function)} that runs to its end. */
    public <T> Future<T> owner(RequestContext context, Function<SqlConnection, Future<T>> work) {
        return owner(context, null, work);
    }

    /**
     * Work on a connection of the project's owner, for SQL with the secret key. No transaction is begun; what the work
     * leaves in the session is discarded after it.
     *
     * @param abandoned completes when nobody waits for the work any more: what runs then is cancelled on the server; null
     *     when it runs to its end
     */
    public <T> Future<T> owner(
            RequestContext context, @Nullable Future<Void> abandoned, Function<SqlConnection, Future<T>> work) {
        return pools.owner(
                context.project(),
                context.meter(),
                abandoned,
                connection -> work.apply(connection).eventually(() -> discard(connection)));
    }

    /** Leaves nothing of a session to the next request; a transaction that is still open refuses to be discarded. */
    private static Future<RowSet<Row>> discard(SqlConnection connection) {
        return connection
                .query(DISCARD)
                .execute()
                .recover(open -> connection
                        .query("ROLLBACK")
                        .execute()
                        .compose(rolledBack -> connection.query(DISCARD).execute()));
    }

    private static <T> Future<T> finish(SqlConnection connection, Future<T> done) {
        return done.transform(result -> {
            if (result.succeeded()) {
                return connection.preparedQuery(COMMIT).execute().map(committed -> result.result());
            }
            return WholeTransaction.rolledBack(connection, result.cause());
        });
    }

    /** Whom a transaction acts as, and the statement and its parameters that make it so. */
    private record As(String role, String sql, Tuple settings) {
        static As caller(RequestContext context) {
            var info = context.info();
            return of(
                    context.caller().role().databaseName(),
                    context,
                    info.method(),
                    info.path(),
                    info.headersJson(),
                    info.cookiesJson());
        }

        static As platform(RequestContext context) {
            return of(PLATFORM, context, "", "", "{}", ProjectPools.NO_COOKIES);
        }

        private static As of(
                String role, RequestContext context, String method, String path, String headers, String cookies) {
            var claims = context.caller().claimsJson();
            var subject = context.caller().subject();
            return context.triggerDepth() == 0 && cookies.equals(ProjectPools.NO_COOKIES)
                    ? new As(role, SET_CALLER, Tuple.of(role, claims, method, path, headers, subject))
                    : new As(
                            role,
                            SET_CALLER_WITH_RARE,
                            Tuple.of(
                                    role,
                                    claims,
                                    method,
                                    path,
                                    headers,
                                    subject,
                                    cookies,
                                    Integer.toString(context.triggerDepth())));
        }
    }
}
