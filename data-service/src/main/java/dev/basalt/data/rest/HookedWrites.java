package dev.basalt.data.rest;

import dev.basalt.data.error.PostgresError;
import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.plan.DataRequest;
import dev.basalt.data.plan.Payload;
import dev.basalt.data.plan.RowPage;
import dev.basalt.data.query.QueryShape;
import dev.basalt.data.schema.SchemaCache;
import dev.basalt.data.schema.Table;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.hook.HookCall;
import dev.basalt.kit.hook.HookInvoker;
import dev.basalt.kit.hook.HookVerdict;
import dev.basalt.kit.project.DataTrigger;
import dev.basalt.kit.project.DataTrigger.Operation;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes that go through a project's before hooks, row by row in order.
 *
 * <p>An insert's hooks run before its transaction begins, so that nothing is locked meanwhile. An update and a delete lock
 * the old rows first, run the hooks, and then write exactly those rows by their primary key. Safe for use by any thread.
 */
@ApplicationScoped
class HookedWrites {
    private final RestExecutor executor;
    private final HookInvoker hooks;
    private final int maxRows;

    @Inject
    HookedWrites(RestExecutor executor, HookInvoker hooks, RestConfig config) {
        this.executor = executor;
        this.hooks = hooks;
        this.maxRows = config.maxHookedRows();
    }

    /** An insert as the hooks want it. */
    record Shaped(DataRequest.Insert data, String body) {}

    Future<Shaped> insert(RestRequest request, List<DataTrigger> triggers, DataRequest.Insert data, String body) {
        var rows = ExactJson.rows(body, data.payload().array());
        var columns = data.query().columns();
        if (columns != null) {
            rows.forEach(row -> row.fieldNames().retainAll(columns));
        }
        return through(request, rows, row -> call(request, triggers, Operation.INSERT, row, null))
                .map(shaped -> {
                    var names = names(shaped);
                    boolean ragged = shaped.stream().anyMatch(row -> row.size() != names.size());
                    boolean array = data.payload().array();
                    var insert = new DataRequest.Insert(
                            data.schema(),
                            data.table(),
                            withoutColumns(data.query()),
                            new Payload(array, names),
                            data.conflict(),
                            data.missingAsDefault() || ragged,
                            data.counted(),
                            data.representation());
                    return new Shaped(
                            insert,
                            array
                                    ? new JsonArray(shaped).encode()
                                    : shaped.getFirst().encode());
                });
    }

    Future<Row> update(
            SqlConnection connection,
            RestRequest request,
            List<DataTrigger> triggers,
            SchemaCache schema,
            DataRequest.Update data,
            String body) {
        var keys = keys(schema, data);
        var patches = ExactJson.rows(body, data.payload().array());
        var patch = patches.isEmpty() ? new JsonObject() : patches.getFirst();
        var columns = data.query().columns();
        if (columns != null) {
            patch.fieldNames().retainAll(columns);
        }
        var written = new LinkedHashSet<>(patch.fieldNames());
        return lock(connection, request, schema, data, data.page())
                .compose(rows -> through(
                        request,
                        rows,
                        old -> call(
                                        request,
                                        triggers,
                                        Operation.UPDATE,
                                        old.copy().mergeIn(patch),
                                        old)
                                .map(shaped -> {
                                    requireSameKey(keys, old, shaped);
                                    ExactJson.keepUnchanged(shaped, old);
                                    written.addAll(ExactJson.changed(shaped, old));
                                    return shaped;
                                })))
                .compose(rows -> {
                    written.removeAll(keys);
                    var named = new ArrayList<>(keys);
                    named.addAll(written);
                    rows.forEach(row -> row.fieldNames().retainAll(named));
                    // Nothing to change is an update of nothing, as it is without hooks.
                    DataRequest replace = written.isEmpty()
                            ? new DataRequest.Update(
                                    data.schema(),
                                    data.table(),
                                    withoutColumns(data.query()),
                                    RowPage.WHOLE,
                                    new Payload(false, List.of()),
                                    false,
                                    data.counted(),
                                    data.representation())
                            : new DataRequest.Replace(
                                    data.schema(),
                                    data.table(),
                                    withoutColumns(data.query()),
                                    new Payload(true, named),
                                    data.counted(),
                                    data.representation());
                    return executor.execute(
                            connection, request, executor.plan(schema, replace), new JsonArray(rows).encode());
                });
    }

    Future<Row> delete(
            SqlConnection connection,
            RestRequest request,
            List<DataTrigger> triggers,
            SchemaCache schema,
            DataRequest.Delete data) {
        keys(schema, data);
        return lock(connection, request, schema, data, data.page())
                .compose(rows -> through(
                        request,
                        rows,
                        old -> verdict(request, triggers, Operation.DELETE, null, old)
                                .map(_ -> old)))
                .compose(rows -> {
                    var remove = new DataRequest.Remove(
                            data.schema(), data.table(), data.query(), data.counted(), data.representation());
                    return executor.execute(
                            connection, request, executor.plan(schema, remove), new JsonArray(rows).encode());
                });
    }

    private Future<List<JsonObject>> lock(
            SqlConnection connection, RestRequest request, SchemaCache schema, DataRequest data, RowPage page) {
        var plan = executor.plan(schema, new DataRequest.Lock(data.schema(), data.table(), data.query(), page));
        return executor.execute(connection, request, plan, null)
                .map(row -> ExactJson.rows(row.getBuffer("body").toString(), true));
    }

    /** Rows one after the other through a step, into rows. */
    private Future<List<JsonObject>> through(
            RestRequest request,
            List<JsonObject> rows,
            java.util.function.Function<JsonObject, Future<JsonObject>> step) {
        if (rows.size() > maxRows) {
            return Future.failedFuture(Refusal.withDetails(
                    RestError.INVALID_BODY,
                    "At most " + maxRows + " rows of '" + request.table()
                            + "' can be written at once, because a hook looks at each; here are " + rows.size() + "."));
        }
        var done = new ArrayList<JsonObject>(rows.size());
        Future<?> last = Future.succeededFuture();
        for (var row : rows) {
            last = last.compose(_ -> step.apply(row)).onSuccess(done::add);
        }
        return last.map(_ -> done);
    }

    private Future<JsonObject> call(
            RestRequest request,
            List<DataTrigger> triggers,
            Operation operation,
            JsonObject row,
            @Nullable JsonObject old) {
        return verdict(request, triggers, operation, row, old).map(proceed -> {
            var shaped = proceed.record();
            if (shaped == null) {
                throw rejected(new HookVerdict.Reject(500, "hook_invalid_answer", "The hook returned no row"));
            }
            return shaped;
        });
    }

    private Future<HookVerdict.Proceed> verdict(
            RestRequest request,
            List<DataTrigger> triggers,
            Operation operation,
            @Nullable JsonObject row,
            @Nullable JsonObject old) {
        var call = new HookCall(triggers, operation, request.schema(), request.table(), row, old);
        return hooks.before(request.context(), call).map(verdict -> switch (verdict) {
            case HookVerdict.Proceed proceed -> proceed;
            case HookVerdict.Reject reject -> throw rejected(reject);
        });
    }

    private static ApiException rejected(HookVerdict.Reject reject) {
        return ApiException.of(new PostgresError(reject.status(), reject.code(), reject.message()), reject.message());
    }

    private static List<String> keys(SchemaCache schema, DataRequest data) {
        Table table = schema.table(data.schema(), data.table());
        if (table == null) {
            return List.of(); // The plan that follows refuses it in the dialect's words.
        }
        if (table.primaryKey().isEmpty()) {
            throw Refusal.withDetails(
                    RestError.NOT_IMPLEMENTED,
                    "A before hook on updates or deletes of '" + table.name() + "' needs a primary key.");
        }
        return table.primaryKey();
    }

    private static void requireSameKey(List<String> keys, JsonObject old, JsonObject shaped) {
        for (var key : keys) {
            var value = shaped.getValue(key);
            if (value != null && !ExactJson.same(value, old.getValue(key))) {
                throw Refusal.withDetails(
                        RestError.NOT_IMPLEMENTED,
                        "The primary key column '" + key + "' can't be changed where a before hook looks at updates.");
            }
            shaped.put(key, Objects.requireNonNull(old.getValue(key)));
        }
    }

    private static List<String> names(List<JsonObject> rows) {
        var names = new LinkedHashSet<String>();
        rows.forEach(row -> names.addAll(row.fieldNames()));
        return List.copyOf(names);
    }

    private static QueryShape withoutColumns(QueryShape query) {
        return new QueryShape(query.select(), query.where(), query.order(), query.pages(), null, query.onConflict());
    }
}
