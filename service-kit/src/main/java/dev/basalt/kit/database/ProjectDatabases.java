package dev.basalt.kit.database;

import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.Function;

/**
 * The databases of projects, through pools that open at a project's first request and close when it is idle. Safe for
 * use by any thread; futures complete on the caller's context.
 *
 * <p>Every way in is a transaction that takes its role and settings with {@code SET LOCAL} semantics, so nothing of one
 * request is left on a pooled connection for the next.
 */
@Singleton
public class ProjectDatabases {
    private static final String BEGIN_READ = "BEGIN READ ONLY";
    private static final String BEGIN_WRITE = "BEGIN";
    private static final String COMMIT = "COMMIT";
    private static final String SET_CALLER = """
            select set_config('role', $1, true), set_config('request.jwt.claims', $2, true),
              set_config('request.method', $3, true), set_config('request.path', $4, true),
              set_config('request.headers', $5, true), set_config('request.cookies', $6, true),
              set_config('basalt.event_depth', $7, true)""";
    private static final String DISCARD = "DISCARD ALL";
    private static final String PLATFORM_ROLE = "basalt_platform";

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

    /**
     * One statement as the caller, with begin, settings and commit sent along in one round trip.
     *
     * @return the statement's rows, once the commit is acknowledged; fails with the statement's own failure
     */
    public Future<RowSet<Row>> query(RequestContext context, Mode mode, String sql, Tuple parameters) {
        return pools.requests(context.project(), context.meter(), connection -> {
            var begun = connection.preparedQuery(begin(mode)).execute();
            var set = connection.preparedQuery(SET_CALLER).execute(settings(context));
            var rows = connection.preparedQuery(sql).execute(parameters);
            var committed = connection.preparedQuery(COMMIT).execute();
            // The server rolls back on the first failure and answers COMMIT all the same: the failures before it count.
            return Future.join(begun, set, rows, committed)
                    .transform(all -> all.succeeded() ? rows : firstFailure(begun, set, rows, committed));
        });
    }

    /** A transaction as the caller; it commits when the work's future succeeds and rolls back when it fails. */
    public <T> Future<T> transaction(RequestContext context, Mode mode, Function<SqlConnection, Future<T>> work) {
        return pools.requests(context.project(), context.meter(), connection -> {
            var begun = connection.preparedQuery(begin(mode)).execute();
            var set = connection.preparedQuery(SET_CALLER).execute(settings(context));
            var done = Future.join(begun, set).compose(ready -> work.apply(connection));
            return finish(connection, done);
        });
    }

    /** One statement of the platform itself on the schemas {@code auth}, {@code storage} and {@code basalt}. */
    public Future<RowSet<Row>> platformQuery(RequestContext context, String sql, Tuple parameters) {
        return pools.requests(context.project(), context.meter(), connection -> {
            var begun = connection.preparedQuery(BEGIN_WRITE).execute();
            var set = connection.preparedQuery(SET_CALLER).execute(platformSettings(context));
            var rows = connection.preparedQuery(sql).execute(parameters);
            var committed = connection.preparedQuery(COMMIT).execute();
            return Future.join(begun, set, rows, committed)
                    .transform(all -> all.succeeded() ? rows : firstFailure(begun, set, rows, committed));
        });
    }

    /** A transaction of the platform itself on the schemas {@code auth}, {@code storage} and {@code basalt}. */
    public <T> Future<T> platformTransaction(RequestContext context, Function<SqlConnection, Future<T>> work) {
        return pools.requests(context.project(), context.meter(), connection -> {
            var begun = connection.preparedQuery(BEGIN_WRITE).execute();
            var set = connection.preparedQuery(SET_CALLER).execute(platformSettings(context));
            var done = Future.join(begun, set).compose(ready -> work.apply(connection));
            return finish(connection, done);
        });
    }

    /**
     * Work on a connection of the project's owner, for SQL with the secret key. No transaction is begun; what the work
     * leaves in the session is discarded after it.
     */
    public <T> Future<T> owner(RequestContext context, Function<SqlConnection, Future<T>> work) {
        return pools.owner(
                context.project(),
                context.meter(),
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
            return connection
                    .query("ROLLBACK")
                    .execute()
                    .transform(rolledBack -> Future.<T>failedFuture(result.cause()));
        });
    }

    private static String begin(Mode mode) {
        return mode == Mode.READ ? BEGIN_READ : BEGIN_WRITE;
    }

    private static Tuple settings(RequestContext context) {
        var caller = context.caller();
        var info = context.info();
        return Tuple.of(
                caller.role().databaseName(),
                caller.claimsJson(),
                info.method(),
                info.path(),
                info.headersJson(),
                info.cookiesJson(),
                Integer.toString(context.triggerDepth()));
    }

    private static Tuple platformSettings(RequestContext context) {
        return Tuple.of(
                PLATFORM_ROLE,
                context.caller().claimsJson(),
                "",
                "",
                "{}",
                "{}",
                Integer.toString(context.triggerDepth()));
    }

    @SafeVarargs
    private static Future<RowSet<Row>> firstFailure(Future<RowSet<Row>>... inOrder) {
        for (var statement : inOrder) {
            if (statement.failed()) {
                return statement;
            }
        }
        throw new IllegalStateException("no statement failed");
    }
}
