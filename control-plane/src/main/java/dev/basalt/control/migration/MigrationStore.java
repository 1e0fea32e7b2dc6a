package dev.basalt.control.migration;

import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Applies files as the project's owner and keeps which are applied. Safe for use by any thread and any number of replicas:
 * one file at a time is applied to a project, under an advisory lock that ends with the session.
 */
@ApplicationScoped
class MigrationStore {
    private static final long LOCK = 0x6261_7361_6c74_6d67L;
    private static final String TRY_LOCK = "select pg_catalog.pg_try_advisory_lock(" + LOCK + ")";
    private static final long RETRY_MILLIS = 50;
    private static final String APPLIED =
            "select " + AppliedMigration.COLUMNS + " from basalt.app_migrations order by version";
    private static final String FROM =
            "select " + AppliedMigration.COLUMNS + " from basalt.app_migrations where version >= $1 order by version";
    private static final String RECORD = "select basalt.record_app_migration($1, $2, $3, $4, $5)";

    private final Vertx vertx;
    private final ProjectDatabases databases;
    private final MigrationConfig config;

    @Inject
    MigrationStore(Vertx vertx, ProjectDatabases databases, MigrationConfig config) {
        this.vertx = vertx;
        this.databases = databases;
        this.config = config;
    }

    /** What is applied, in the order of versions. */
    Future<List<AppliedMigration>> applied(RequestContext context) {
        return databases.platformQuery(context, APPLIED, Tuple.tuple()).map(MigrationStore::migrations);
    }

    /** Judges a file by what is applied of its version and the later ones: whether it is to be applied. */
    @FunctionalInterface
    interface Judge {
        boolean isNew(Migration migration, List<AppliedMigration> fromItsVersionOn);
    }

    /**
     * Applies a file and writes its row, both or neither.
     *
     * @param abandoned completes when the client is gone: the file is rolled back then
     * @return whether it was applied now
     */
    Future<Boolean> apply(RequestContext context, Future<Void> abandoned, Migration migration, Judge judge) {
        long deadline = System.nanoTime() + config.lockWait().toNanos();
        return databases.owner(
                context,
                abandoned,
                connection -> lock(connection, deadline)
                        .compose(_ -> connection
                                .preparedQuery(FROM)
                                .execute(Tuple.of(migration.version()))
                                .map(MigrationStore::migrations))
                        .compose(applied -> judge.isNew(migration, applied)
                                ? run(connection, migration).map(true)
                                : Future.succeededFuture(false)));
    }

    /**
     * Asks again and again instead of waiting in PostgreSQL, because an index that is built concurrently under the lock waits
     * for every statement that runs, and so for those that would wait for the lock.
     */
    private Future<Void> lock(SqlConnection connection, long deadline) {
        return connection.query(TRY_LOCK).execute().compose(rows -> {
            if (rows.iterator().next().getBoolean(0)) {
                return Future.succeededFuture();
            }
            return System.nanoTime() >= deadline
                    ? Future.failedFuture(ApiException.of(MigrationError.BUSY))
                    : vertx.timer(RETRY_MILLIS, TimeUnit.MILLISECONDS).compose(_ -> lock(connection, deadline));
        });
    }

    private Future<Void> run(SqlConnection connection, Migration migration) {
        long start = System.nanoTime();
        var timeout = connection
                .query("SET statement_timeout = " + config.statementTimeout().toMillis())
                .execute();
        var done = migration.transactional()
                ? timeout.compose(_ -> connection.query("BEGIN").execute())
                        .compose(_ -> execute(connection, migration))
                        .compose(_ -> record(connection, migration, start))
                        .compose(_ -> connection.query("COMMIT").execute())
                : timeout.compose(_ -> execute(connection, migration))
                        .compose(_ -> record(connection, migration, start));
        return done.<Void>mapEmpty().recover(failure -> Future.failedFuture(MigrationFailure.of(migration, failure)));
    }

    /** What queries in a file answer is thrown away as it comes. The client can't send a text without a statement. */
    private static Future<?> execute(SqlConnection connection, Migration migration) {
        return migration.runs().isEmpty()
                ? Future.succeededFuture()
                : connection
                        .query(migration.runs())
                        .collecting(Collectors.<Row>counting())
                        .execute();
    }

    /** The file may have taken another role. */
    private static Future<?> record(SqlConnection connection, Migration migration, long start) {
        int millis = (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        return connection
                .query("RESET ROLE")
                .execute()
                .compose(_ -> connection
                        .preparedQuery(RECORD)
                        .execute(Tuple.of(
                                migration.version(), migration.name(), migration.checksum(), migration.sql(), millis)));
    }

    private static List<AppliedMigration> migrations(Iterable<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(AppliedMigration::of)
                .toList();
    }
}
