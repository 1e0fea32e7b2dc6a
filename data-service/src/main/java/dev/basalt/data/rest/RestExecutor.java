package dev.basalt.data.rest;

import dev.basalt.data.error.PostgresFailure;
import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.plan.DataRequest;
import dev.basalt.data.plan.PlanCache;
import dev.basalt.data.plan.PlanSettings;
import dev.basalt.data.plan.Representation;
import dev.basalt.data.plan.Statement;
import dev.basalt.data.schema.Routine;
import dev.basalt.data.schema.SchemaCache;
import dev.basalt.data.schema.SchemaCaches;
import dev.basalt.data.schema.SchemaConfig;
import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.database.ProjectDatabases.Mode;
import dev.basalt.kit.database.TransactionStart;
import dev.basalt.kit.database.TransactionStart.First;
import dev.basalt.kit.database.TransactionStart.Isolation;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.DatabaseFailure;
import dev.basalt.kit.error.KitError;
import dev.basalt.kit.http.Reply;
import dev.basalt.kit.request.RequestContext;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
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
    private final List<First> preRequest;
    private final List<String> exposed;
    private final boolean showsPlans;
    private final Vertx vertx;
    private final Duration streamTimeout;

    @Inject
    RestExecutor(
            Vertx vertx,
            SchemaCaches schemas,
            ProjectDatabases databases,
            RestConfig config,
            SchemaConfig schemaConfig,
            MeterRegistry metrics) {
        this.schemas = schemas;
        this.databases = databases;
        this.plans = new PlanCache(
                config.planCache().asLongValue(), new PlanSettings(config.aggregates(), config.maxRows()), metrics);
        this.preRequest = config.preRequest()
                .map(function -> List.of(new First("select " + quoted(function) + "()", Tuple.tuple())))
                .orElse(List.of());
        this.exposed = schemaConfig.exposed();
        this.showsPlans = config.plans();
        this.vertx = vertx;
        this.streamTimeout = config.streamTimeout();
    }

    /** A request on a table with the media type that it is answered in; {@code PGRST107} when there is none. */
    Future<RestRequest> answering(RestRequest request) {
        return schemas.get(request.context())
                .map(schema -> {
                    var table = schema.table(request.schema(), request.table());
                    return request.answering(
                            request.accept().best(Answerable.rows(schema, table, request.query(), showsPlans)));
                })
                .recover(failure -> fail(worded(request.context(), failure)));
    }

    /** Work that needs the schema, tried again once if it turns out to be too old. */
    <T> Future<T> withSchema(RestRequest request, Function<SchemaCache, Future<T>> work) {
        return schemas.get(request.context())
                .compose(schema -> attempt(schema, work)
                        .recover(failure ->
                                isStale(request, failure) ? again(request, schema, work, failure) : fail(failure)))
                .recover(failure -> fail(worded(request.context(), failure)));
    }

    /**
     * Requests of one caller in one transaction.
     *
     * @param work gets the transaction's connection, which each of the requests names as its session
     */
    <T> Future<T> batch(
            RequestContext context,
            Isolation isolation,
            Future<Void> abandoned,
            Function<SqlConnection, Future<T>> work) {
        return databases
                .transaction(context, new TransactionStart(Mode.WRITE, isolation, List.of(), true, abandoned), work)
                .recover(failure -> fail(worded(context, failure)));
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

    /** How the transaction of a query of the service's own begins. */
    private TransactionStart start(RestRequest request) {
        return start(request, Mode.READ, List.of(), !preRequest.isEmpty());
    }

    /** How the transaction of a plan begins: what functions may leave in the session is removed after it. */
    TransactionStart start(RestRequest request, Mode mode, Statement plan) {
        boolean called = plan.callsFunctions()
                || request.mediaType().representation() instanceof Representation.Handled
                || !preRequest.isEmpty();
        return start(request, mode, List.of(), called);
    }

    /** How the transaction of a call begins: the settings of its function hold for all of it, and nothing is left of it. */
    TransactionStart start(RestRequest request, Mode mode, Routine routine) {
        return start(request, mode, routine.settings(), true);
    }

    private TransactionStart start(RestRequest request, Mode mode, List<Routine.Setting> settings, boolean cleaned) {
        var isolation = Isolation.DEFAULT;
        var first = new ArrayList<First>(0);
        if (!request.schema().equals(exposed.getFirst())) {
            first.add(setting(
                    "search_path", quoted(request.schema()) + ", " + quoted(exposed.getFirst()) + ", extensions"));
        }
        if (request.preferences().timezone() != null) {
            first.add(setting("timezone", request.preferences().timezone()));
        }
        for (var setting : settings) {
            if (setting.name().equals("default_transaction_isolation")) {
                isolation = isolation(setting.value());
            } else {
                first.add(setting(setting.name(), setting.value()));
            }
        }
        first.addAll(preRequest);
        return new TransactionStart(mode, isolation, first, cleaned, request.abandoned());
    }

    private static First setting(String name, String value) {
        return new First("select set_config($1, $2, true)", Tuple.of(name, value));
    }

    private static Isolation isolation(String level) {
        return switch (level) {
            case "serializable" -> Isolation.SERIALIZABLE;
            case "repeatable read" -> Isolation.REPEATABLE_READ;
            default -> Isolation.READ_COMMITTED;
        };
    }

    private static String quoted(String name) {
        return Arrays.stream(name.split("\\.", 2))
                .map(part -> "\"" + part.replace("\"", "\"\"") + "\"")
                .collect(Collectors.joining("."));
    }

    /** A query of the service's own as the caller. */
    Future<RowSet<Row>> query(RestRequest request, String sql, Tuple parameters) {
        return databases
                .query(request.context(), start(request), sql, parameters)
                .recover(failure -> fail(worded(request.context(), failure)));
    }

    /** A statement that only reads, in a transaction of its own; one that was in another's way is tried once more. */
    Future<Row> read(RestRequest request, Statement plan, @Nullable Long limit, @Nullable Long offset) {
        var start = start(request, Mode.READ, plan);
        return execute(request, start, plan, null, limit, offset)
                .recover(failure -> PostgresFailure.isConflict(failure) && request.session() == null
                        ? execute(request, start, plan, null, limit, offset)
                        : fail(failure));
    }

    /** The rows of a page as they are fetched; of one body where the first fetch has all of them. */
    Future<Reply> stream(RestRequest request, Statement plan, Representation representation, RowRange range) {
        var opened = Promise.<Reply>promise();
        var gone = Promise.<Void>promise();
        request.abandoned().onSuccess(_ -> gone.tryComplete());
        var start = start(request, Mode.READ, plan).until(gone.future());
        databases
                .transaction(request.context(), start, connection -> {
                    var rows = new RowStream(vertx, connection, plan, representation, streamTimeout, gone::tryComplete);
                    gone.future().onSuccess(_ -> rows.fail(ClosedConnectionException.INSTANCE));
                    rows.open(parameters(request, plan, null, range.limit(), range.offset()))
                            .map(first -> RestReply.rows(
                                    request, first.body(), first.rows(), range.offset(), first.settings()))
                            .onSuccess(opened::tryComplete)
                            .onFailure(rows::fail);
                    return rows.ended();
                })
                .onFailure(opened::tryFail);
        return opened.future();
    }

    /** One statement in a transaction of its own, sent in one round trip. */
    Future<Row> execute(
            RestRequest request,
            TransactionStart start,
            Statement plan,
            @Nullable String body,
            @Nullable Long limit,
            @Nullable Long offset) {
        return query(request, start, plan.sql(), parameters(request, plan, body, limit, offset))
                .map(RestExecutor::only);
    }

    private Future<RowSet<Row>> query(RestRequest request, TransactionStart start, String sql, Tuple parameters) {
        var session = request.session();
        return session == null
                ? databases.query(request.context(), start, sql, parameters)
                : joined(
                        session,
                        request,
                        start,
                        connection -> connection.preparedQuery(sql).execute(parameters));
    }

    /**
     * Work in the transaction of a batch. What must not write runs below a savepoint: a transaction within one may be read-only
     * while the one around it is not.
     */
    private <T> Future<T> joined(
            SqlConnection session,
            RestRequest request,
            TransactionStart start,
            Function<SqlConnection, Future<T>> work) {
        if (request.preferences().rollsBack()) {
            return fail(Refusal.withDetails(
                    RestError.INVALID_PREFERENCES, "A request in a batch can't be rolled back by itself."));
        }
        if (start.mode() == Mode.WRITE) {
            return databases.rejoin(session, request.context(), start).compose(_ -> work.apply(session));
        }
        return session.query("SAVEPOINT basalt_read; SET TRANSACTION READ ONLY")
                .execute()
                .compose(_ -> databases.rejoin(session, request.context(), start))
                .compose(_ -> work.apply(session))
                .compose(result ->
                        session.query("RELEASE SAVEPOINT basalt_read").execute().map(result));
    }

    /** The plan that PostgreSQL makes of a statement, a line a row, in a transaction of its own. */
    Future<RowSet<Row>> explain(
            RestRequest request,
            TransactionStart start,
            Explain explain,
            Statement plan,
            @Nullable String body,
            @Nullable Long limit,
            @Nullable Long offset) {
        return query(request, start, explain.sql(plan.sql()), parameters(request, plan, body, limit, offset));
    }

    /** One statement in a transaction that somebody else ends. */
    Future<Row> execute(SqlConnection connection, RestRequest request, Statement plan, @Nullable String body) {
        return execute(
                connection,
                request,
                plan,
                body,
                request.query().limit(),
                request.query().offset());
    }

    /** One statement that reads a page, in a transaction that somebody else ends. */
    Future<Row> execute(
            SqlConnection connection,
            RestRequest request,
            Statement plan,
            @Nullable String body,
            @Nullable Long limit,
            @Nullable Long offset) {
        return connection
                .preparedQuery(plan.sql())
                .execute(parameters(request, plan, body, limit, offset))
                .map(RestExecutor::only);
    }

    /** A transaction that commits unless the work fails or the client prefers otherwise. */
    <T> Future<T> transaction(RestRequest request, TransactionStart start, Function<SqlConnection, Future<T>> work) {
        var session = request.session();
        if (session != null) {
            return joined(session, request, start, work);
        }
        if (!request.preferences().rollsBack()) {
            return databases.transaction(request.context(), start, work);
        }
        return databases
                .<T>transaction(
                        request.context(),
                        start,
                        connection -> work.apply(connection).compose(result -> fail(new RolledBack(result))))
                .recover(failure -> failure instanceof RolledBack done ? done.result() : fail(failure));
    }

    static Tuple parameters(
            RestRequest request, Statement plan, @Nullable String body, @Nullable Long limit, @Nullable Long offset) {
        return Tuple.wrap((Object[]) plan.parameters(request.query().values(), body, limit, offset));
    }

    private static Row only(RowSet<Row> rows) {
        return rows.iterator().next();
    }

    /** A failure of PostgreSQL ends the transaction of a batch, so only a plan is tried again there. */
    private static boolean isStale(RestRequest request, Throwable failure) {
        return (PostgresFailure.isStaleSchema(failure) && request.session() == null)
                || (failure instanceof ApiException refused
                        && refused.error() instanceof RestError error
                        && (error == RestError.UNKNOWN_TABLE
                                || error == RestError.UNKNOWN_FUNCTION
                                || error == RestError.UNKNOWN_COLUMN
                                || error == RestError.UNKNOWN_RELATIONSHIP
                                || error == RestError.UNDEFINED_COLUMN));
    }

    private static Throwable worded(RequestContext context, Throwable failure) {
        if (!(failure instanceof PgException pg)) {
            return failure;
        }
        var outage = DatabaseFailure.asOutage(failure);
        if (outage.isPresent() && outage.get().error() != KitError.STATEMENT_TIMEOUT) {
            return outage.get();
        }
        var refusal = PostgresFailure.of(pg, context.caller() instanceof Caller.Anonymous);
        return refusal.error().status() == 503 || PostgresFailure.isConflict(pg)
                ? refusal.withHeader("Retry-After", "1")
                : refusal;
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
