package dev.basalt.data.rest;

import dev.basalt.data.error.RestError;
import dev.basalt.data.plan.DataRequest;
import dev.basalt.data.plan.PlanCache;
import dev.basalt.data.plan.PlanSettings;
import dev.basalt.data.plan.Statement;
import dev.basalt.data.schema.SchemaCache;
import dev.basalt.data.schema.SchemaCaches;
import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.database.ProjectDatabases.Mode;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.DatabaseFailure;
import dev.basalt.kit.error.KitError;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs planned statements as the caller, and words their failures. Safe for use by any thread.
 *
 * <p>A request that names what the schema cache does not know (or what PostgreSQL no longer knows) is tried once more with a
 * newer schema, if there is one.
 */
@ApplicationScoped
class RestExecutor {
    private final SchemaCaches schemas;
    private final ProjectDatabases databases;
    private final PlanCache plans;

    @Inject
    RestExecutor(SchemaCaches schemas, ProjectDatabases databases, RestConfig config, MeterRegistry metrics) {
        this.schemas = schemas;
        this.databases = databases;
        this.plans = new PlanCache(
                config.planCache().asLongValue(), new PlanSettings(config.aggregates(), config.maxRows()), metrics);
    }

    /** Work that needs the schema, tried again once if it turns out to be too old. */
    <T> Future<T> withSchema(RestRequest request, Function<SchemaCache, Future<T>> work) {
        return schemas.get(request.context())
                .compose(schema -> attempt(schema, work)
                        .recover(failure -> isStale(failure) ? again(request, schema, work, failure) : fail(failure)))
                .recover(failure -> fail(worded(request, failure)));
    }

    private <T> Future<T> again(
            RestRequest request, SchemaCache old, Function<SchemaCache, Future<T>> work, Throwable failure) {
        return schemas.newerThan(old, request.context())
                .compose(newer -> newer.generation() == old.generation() ? fail(failure) : attempt(newer, work));
    }

    private static <T> Future<T> attempt(SchemaCache schema, Function<SchemaCache, Future<T>> work) {
        try {
            return work.apply(schema);
        } catch (ApiException refused) {
            return fail(refused);
        }
    }

    Statement plan(SchemaCache schema, DataRequest request) {
        return plans.plan(schema, request);
    }

    /** One statement in a transaction of its own, sent in one round trip. */
    Future<Row> execute(
            RestRequest request,
            Mode mode,
            Statement plan,
            @Nullable String body,
            @Nullable Long limit,
            @Nullable Long offset) {
        return databases
                .query(request.context(), mode, plan.sql(), parameters(request, plan, body, limit, offset))
                .map(RestExecutor::only);
    }

    /** One statement in a transaction that somebody else ends. */
    Future<Row> execute(SqlConnection connection, RestRequest request, Statement plan, @Nullable String body) {
        return connection
                .preparedQuery(plan.sql())
                .execute(parameters(
                        request,
                        plan,
                        body,
                        request.query().limit(),
                        request.query().offset()))
                .map(RestExecutor::only);
    }

    /** A transaction that commits unless the work fails or the client prefers otherwise. */
    <T> Future<T> transaction(RestRequest request, Function<SqlConnection, Future<T>> work) {
        if (!request.preferences().rollsBack()) {
            return databases.transaction(request.context(), Mode.WRITE, work);
        }
        return databases
                .<T>transaction(
                        request.context(),
                        Mode.WRITE,
                        connection -> work.apply(connection).compose(result -> fail(new RolledBack(result))))
                .recover(failure -> failure instanceof RolledBack done ? done.result() : fail(failure));
    }

    private static Tuple parameters(
            RestRequest request, Statement plan, @Nullable String body, @Nullable Long limit, @Nullable Long offset) {
        return Tuple.wrap((Object[]) plan.parameters(request.query().values(), body, limit, offset));
    }

    private static Row only(RowSet<Row> rows) {
        return rows.iterator().next();
    }

    private static boolean isStale(Throwable failure) {
        return PostgresFailure.isStaleSchema(failure)
                || (failure instanceof ApiException refused
                        && refused.error() instanceof RestError error
                        && (error == RestError.UNKNOWN_TABLE
                                || error == RestError.UNKNOWN_COLUMN
                                || error == RestError.UNKNOWN_RELATIONSHIP
                                || error == RestError.UNDEFINED_COLUMN));
    }

    private static Throwable worded(RestRequest request, Throwable failure) {
        if (!(failure instanceof PgException pg)) {
            return failure;
        }
        var outage = DatabaseFailure.asOutage(failure);
        if (outage.isPresent() && outage.get().error() != KitError.STATEMENT_TIMEOUT) {
            return outage.get();
        }
        var refusal = PostgresFailure.of(pg, request.context().caller() instanceof Caller.Anonymous);
        return refusal.error().status() == 503 ? refusal.withHeader("Retry-After", "1") : refusal;
    }

    private static <T> Future<T> fail(Throwable failure) {
        return Future.failedFuture(failure);
    }

    /** The result of a transaction that ends by rolling back, as if it had failed. */
    private static final class RolledBack extends RuntimeException {
        private final transient Object result;

        RolledBack(Object result) {
            super("rolled back because the client prefers it", null, false, false);
            this.result = result;
        }

        @SuppressWarnings("unchecked") // Only made where T is known, and taken apart in the same method.
        <T> Future<T> result() {
            return Future.succeededFuture((T) result);
        }
    }
}
