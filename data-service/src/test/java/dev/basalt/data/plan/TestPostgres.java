package dev.basalt.data.plan;

import dev.basalt.data.schema.SchemaCache;
import dev.basalt.data.schema.SchemaDocument;
import dev.basalt.embedded.postgres.EmbeddedPostgres;
import dev.basalt.embedded.postgres.EmbeddedPostgresOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A real PostgreSQL for the tests of plans, started once a JVM, with a client on it. */
public final class TestPostgres {
    private static final TestPostgres INSTANCE = start();

    private final EmbeddedPostgres server;
    private final Vertx vertx;
    private final Pool pool;

    private TestPostgres(EmbeddedPostgres server, Vertx vertx) {
        this.server = server;
        this.vertx = vertx;
        this.pool = pool("postgres");
    }

    /** A client on another database of the same server, as its superuser. */
    public Pool pool(String database) {
        var options = new PgConnectOptions()
                .setHost("127.0.0.1")
                .setPort(server.port())
                .setUser(server.superuser())
                .setPassword(server.password())
                .setDatabase(database)
                .setCachePreparedStatements(true);
        return PgBuilder.pool()
                .connectingTo(options)
                .with(new PoolOptions().setMaxSize(2))
                .using(vertx)
                .build();
    }

    public static TestPostgres get() {
        return INSTANCE;
    }

    public void run(String sql) {
        await(pool.query(sql).execute());
    }

    public RowSet<Row> query(String sql, Object... parameters) {
        return await(pool.preparedQuery(sql).execute(Tuple.from(List.of(parameters))));
    }

    public SchemaCache introspect(String... schemas) {
        return await(pool.withTransaction(connection -> connection
                .query("SET LOCAL search_path = ''")
                .execute()
                .compose(_ -> connection.preparedQuery(SchemaDocument.QUERY).execute(Tuple.of(schemas)))
                .map(rows -> SchemaDocument.read(
                        List.of(schemas), rows.iterator().next().getString(0)))));
    }

    /** Executes a plan as a request would. */
    public Row execute(
            Statement plan, List<String> values, @Nullable String body, @Nullable Long limit, @Nullable Long offset) {
        var parameters = Tuple.tuple();
        for (var parameter : plan.parameters(values, body, limit, offset)) {
            parameters.addString(parameter);
        }
        return await(pool.preparedQuery(plan.sql()).execute(parameters))
                .iterator()
                .next();
    }

    /** Waits for a future and throws its failure, if that is unchecked, as it is. */
    public static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TestPostgres start() {
        try {
            var directory = Path.of("target", "plan-postgres");
            return new TestPostgres(EmbeddedPostgres.start(EmbeddedPostgresOptions.in(directory)), Vertx.vertx());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
