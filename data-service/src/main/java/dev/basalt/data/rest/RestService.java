package dev.basalt.data.rest;

import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.plan.DataRequest;
import dev.basalt.data.plan.DataRequest.Conflict;
import dev.basalt.data.plan.Representation;
import dev.basalt.data.plan.RowPage;
import dev.basalt.data.plan.Statement;
import dev.basalt.kit.database.ProjectDatabases.Mode;
import dev.basalt.kit.event.EventSink;
import dev.basalt.kit.http.Reply;
import dev.basalt.kit.project.DataTrigger.Moment;
import dev.basalt.kit.project.DataTrigger.Operation;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes of tables.
 *
 * <p>A read, and a write whose outcome nobody has to look at before it commits, is one round trip. A write that answers one
 * object, is bounded by {@code max-affected}, rolls back or goes through hooks holds its transaction open until it is
 * judged. Safe for use by any thread.
 */
@ApplicationScoped
class RestService {
    private final RestExecutor executor;
    private final HookedWrites hooked;
    private final Instance<EventSink> events;
    private final long maxRows;

    @Inject
    RestService(RestExecutor executor, HookedWrites hooked, Instance<EventSink> events, RestConfig config) {
        this.executor = executor;
        this.hooked = hooked;
        this.events = events;
        this.maxRows = config.maxRows();
    }

    Future<Reply> read(RestRequest request, boolean withBody) {
        var query = request.query();
        var range = RowRange.of(query.limit(), query.offset(), request.range(), maxRows);
        var representation = withBody ? request.mediaType().representation() : Representation.NONE;
        var data = new DataRequest.Read(
                request.schema(),
                request.table(),
                query.shape(),
                new RowPage(range.limit() != null, range.offset() > 0),
                request.counted(),
                representation);
        return executor.withSchema(request, schema -> {
            var plan = executor.plan(schema, data);
            return executor.execute(request, Mode.READ, plan, null, range.limit(), range.offset())
                    .map(row -> RestReply.read(request, row, range.offset()));
        });
    }

    Future<Reply> insert(RestRequest request, Buffer body) {
        var conflict = switch (request.preferences().resolution()) {
            case MERGE_DUPLICATES -> Conflict.MERGE;
            case IGNORE_DUPLICATES -> Conflict.IGNORE;
            case null -> Conflict.FAIL;
        };
        return insert(request, body, conflict)
                .map(done -> RestReply.inserted(request, done.row(), done.plan()))
                .onSuccess(_ -> nudge(request, Operation.INSERT));
    }

    /** A single upsert: the row that the filters name by its primary key, as the body has it. */
    Future<Reply> put(RestRequest request, Buffer body) {
        if (!request.page().equals(RowPage.WHOLE)) {
            return Future.failedFuture(Refusal.of(RestError.PUT_WITH_PAGE));
        }
        return insert(request, body, Conflict.REPLACE)
                .map(done -> RestReply.put(request, done.row()))
                .onSuccess(_ -> nudge(request, Operation.INSERT));
    }

    private Future<Written> insert(RestRequest request, Buffer body, Conflict conflict) {
        var payload = PayloadReader.read(body, request.query().shape().columns() == null);
        var data = new DataRequest.Insert(
                request.schema(),
                request.table(),
                request.query().shape(),
                payload,
                conflict,
                request.preferences().missing() == Preferences.Missing.DEFAULT,
                request.counted(),
                request.written());
        var hooks = request.context().project().triggers(Moment.BEFORE, request.qualifiedTable(), Operation.INSERT);
        return hooks.isEmpty()
                ? write(request, data, body.toString())
                : hooked.insert(request, hooks, data, body)
                        .compose(shaped -> write(request, shaped.data(), shaped.body()));
    }

    Future<Reply> update(RestRequest request, Buffer body) {
        var payload = PayloadReader.read(body, request.query().shape().columns() == null);
        var data = new DataRequest.Update(
                request.schema(),
                request.table(),
                request.query().shape(),
                request.page(),
                payload,
                request.preferences().missing() == Preferences.Missing.DEFAULT,
                request.counted(),
                request.written());
        var hooks = request.context().project().triggers(Moment.BEFORE, request.qualifiedTable(), Operation.UPDATE);
        var row = hooks.isEmpty()
                ? write(request, data, body.toString()).map(Written::row)
                : executor.withSchema(
                        request,
                        schema -> executor.transaction(
                                request,
                                connection -> hooked.update(connection, request, hooks, schema, data, body)
                                        .compose(changed -> judged(request, data.representation(), changed))));
        return row.map(changed -> RestReply.updated(request, changed)).onSuccess(_ -> nudge(request, Operation.UPDATE));
    }

    Future<Reply> delete(RestRequest request) {
        var data = new DataRequest.Delete(
                request.schema(),
                request.table(),
                request.query().shape(),
                request.page(),
                request.counted(),
                request.written());
        var hooks = request.context().project().triggers(Moment.BEFORE, request.qualifiedTable(), Operation.DELETE);
        var row = hooks.isEmpty()
                ? write(request, data, null).map(Written::row)
                : executor.withSchema(
                        request,
                        schema -> executor.transaction(
                                request,
                                connection -> hooked.delete(connection, request, hooks, schema, data)
                                        .compose(gone -> judged(request, data.representation(), gone))));
        return row.map(gone -> RestReply.deleted(request, gone)).onSuccess(_ -> nudge(request, Operation.DELETE));
    }

    private Future<Written> write(RestRequest request, DataRequest data, @Nullable String body) {
        return executor.withSchema(request, schema -> {
            var plan = executor.plan(schema, data);
            var judges = data.representation().isSingular()
                    || request.preferences().strictMaxAffected() != null
                    || request.preferences().rollsBack();
            var row = judges
                    ? executor.transaction(
                            request,
                            connection -> executor.execute(connection, request, plan, body)
                                    .compose(written -> judged(request, data.representation(), written)))
                    : executor.execute(
                            request,
                            Mode.WRITE,
                            plan,
                            body,
                            request.query().limit(),
                            request.query().offset());
            return row.map(written -> new Written(written, plan));
        });
    }

    /** Fails, and so rolls back, what the request does not allow to commit. */
    private static Future<Row> judged(RestRequest request, Representation representation, Row row) {
        var rows = row.getLong("rows");
        if (representation.isSingular() && rows != 1) {
            return Future.failedFuture(RestReply.notSingular(rows));
        }
        var allowed = request.preferences().strictMaxAffected();
        if (allowed != null && rows > allowed) {
            return Future.failedFuture(
                    Refusal.withDetails(RestError.TOO_MANY_AFFECTED, "The query affects " + rows + " rows"));
        }
        return Future.succeededFuture(row);
    }

    private void nudge(RestRequest request, Operation operation) {
        var project = request.context().project();
        if (events.isResolvable()
                && !project.triggers(Moment.AFTER, request.qualifiedTable(), operation)
                        .isEmpty()) {
            events.get().nudge(project);
        }
    }

    private record Written(Row row, Statement plan) {}
}
