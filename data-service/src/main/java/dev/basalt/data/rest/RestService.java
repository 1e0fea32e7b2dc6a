package dev.basalt.data.rest;

import dev.basalt.data.body.RowsBody;
import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.plan.DataRequest;
import dev.basalt.data.plan.DataRequest.Conflict;
import dev.basalt.data.plan.Representation;
import dev.basalt.data.plan.RowPage;
import dev.basalt.data.plan.Statement;
import dev.basalt.data.rest.Preferences.Count;
import dev.basalt.kit.database.ProjectDatabases.Mode;
import dev.basalt.kit.event.EventSink;
import dev.basalt.kit.http.Reply;
import dev.basalt.kit.project.DataTrigger;
import dev.basalt.kit.project.DataTrigger.Moment;
import dev.basalt.kit.project.DataTrigger.Operation;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.List;
import java.util.function.Function;
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
    private final EstimatedCounts estimates;
    private final Instance<EventSink> events;
    private final long maxRows;
    private final long streamFrom;

    @Inject
    RestService(
            RestExecutor executor,
            HookedWrites hooked,
            EstimatedCounts estimates,
            Instance<EventSink> events,
            RestConfig config) {
        this.executor = executor;
        this.hooked = hooked;
        this.estimates = estimates;
        this.events = events;
        this.maxRows = config.maxRows();
        this.streamFrom = config.streamFrom();
    }

    Future<Reply> read(RestRequest request, boolean withBody) {
        var query = request.query();
        var range = RowRange.of(query.limit(), query.offset(), request.range(), maxRows);
        var representation = withBody ? request.mediaType().representation() : Representation.Standard.NONE;
        var data = new DataRequest.Read(
                request.schema(),
                request.table(),
                query.shape(),
                new RowPage(range.limit() != null, range.offset() > 0),
                request.counted(),
                representation);
        var explain = request.mediaType().explain();
        if (explain != null) {
            return explained(request, explain, data, Mode.READ, null, range);
        }
        if (request.session() == null
                && request.preferences().count() == null
                && RowStream.formats(representation)
                && (range.limit() == null || range.limit() > streamFrom)) {
            var lines = new DataRequest.Lines(
                    data.schema(), data.table(), data.query(), data.page(), data.representation());
            return executor.withSchema(
                    request, schema -> executor.stream(request, executor.plan(schema, lines), representation, range));
        }
        return executor.withSchema(request, schema -> {
            var plan = executor.plan(schema, data);
            var count = request.preferences().count();
            if (count == Count.PLANNED || count == Count.ESTIMATED) {
                var matching =
                        executor.plan(schema, new DataRequest.Matching(data.schema(), data.table(), query.shape()));
                return estimates
                        .read(request, plan, matching, range)
                        .map(page -> RestReply.read(request, page.row(), range.offset(), page.total()));
            }
            return executor.read(request, plan, range.limit(), range.offset())
                    .map(row -> RestReply.read(request, row, range.offset()));
        });
    }

    private Future<Reply> explained(
            RestRequest request, Explain explain, DataRequest data, Mode mode, @Nullable String body, RowRange range) {
        return executor.withSchema(request, schema -> {
            var plan = executor.plan(schema, data);
            var start = executor.start(request, mode, plan);
            return executor.explain(request, start, explain, plan, body, range.limit(), range.offset())
                    .map(lines -> RestReply.explained(request, lines));
        });
    }

    /** The plan of a write, if that is what is asked for; a hook could not look at it. */
    private @Nullable Future<Reply> explained(
            RestRequest request, DataRequest data, @Nullable String body, List<DataTrigger> hooks) {
        var explain = request.mediaType().explain();
        if (explain == null) {
            return null;
        }
        if (!hooks.isEmpty()) {
            throw Refusal.withDetails(
                    RestError.NOT_IMPLEMENTED,
                    "The plan of a write on '" + data.table() + "' can't be shown, because a hook looks at it.");
        }
        return explained(request, explain, data, Mode.WRITE, body, new RowRange(0, null));
    }

    Future<Reply> insert(RestRequest request, RowsBody body) {
        var conflict = switch (request.preferences().resolution()) {
            case MERGE_DUPLICATES -> Conflict.MERGE;
            case IGNORE_DUPLICATES -> Conflict.IGNORE;
            case null -> Conflict.FAIL;
        };
        return insert(request, body, conflict, done -> RestReply.inserted(request, done.row(), done.plan()));
    }

    /** A single upsert: the row that the filters name by its primary key, as the body has it. */
    Future<Reply> put(RestRequest request, RowsBody body) {
        if (!request.page().equals(RowPage.WHOLE)) {
            return Future.failedFuture(Refusal.of(RestError.PUT_WITH_PAGE));
        }
        return insert(request, body, Conflict.REPLACE, done -> RestReply.put(request, done.row()));
    }

    private Future<Reply> insert(
            RestRequest request, RowsBody body, Conflict conflict, Function<Written, Reply> reply) {
        var data = new DataRequest.Insert(
                request.schema(),
                request.table(),
                request.query().shape(),
                body.payload(),
                conflict,
                request.preferences().missing() == Preferences.Missing.DEFAULT,
                request.counted(),
                request.written());
        var hooks = request.context().project().triggers(Moment.BEFORE, request.qualifiedTable(), Operation.INSERT);
        var plan = explained(request, data, body.json(), hooks);
        if (plan != null) {
            return plan;
        }
        var written = hooks.isEmpty()
                ? write(request, data, body.json())
                : hooked.insert(request, hooks, data, body.json())
                        .compose(shaped -> write(request, shaped.data(), shaped.body()));
        return written.map(reply).onSuccess(_ -> nudge(request, Operation.INSERT));
    }

    Future<Reply> update(RestRequest request, RowsBody body) {
        var data = new DataRequest.Update(
                request.schema(),
                request.table(),
                request.query().shape(),
                request.page(),
                body.payload(),
                request.preferences().missing() == Preferences.Missing.DEFAULT,
                request.counted(),
                request.written());
        var hooks = request.context().project().triggers(Moment.BEFORE, request.qualifiedTable(), Operation.UPDATE);
        var plan = explained(request, data, body.json(), hooks);
        if (plan != null) {
            return plan;
        }
        var row = hooks.isEmpty()
                ? write(request, data, body.json()).map(Written::row)
                : executor.withSchema(
                        request,
                        schema -> executor.transaction(
                                request,
                                executor.start(request, Mode.WRITE, executor.plan(schema, data)),
                                connection -> hooked.update(connection, request, hooks, schema, data, body.json())
                                        .compose(changed -> RestReply.judged(request, changed))));
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
        var plan = explained(request, data, null, hooks);
        if (plan != null) {
            return plan;
        }
        var row = hooks.isEmpty()
                ? write(request, data, null).map(Written::row)
                : executor.withSchema(
                        request,
                        schema -> executor.transaction(
                                request,
                                executor.start(request, Mode.WRITE, executor.plan(schema, data)),
                                connection -> hooked.delete(connection, request, hooks, schema, data)
                                        .compose(gone -> RestReply.judged(request, gone))));
        return row.map(gone -> RestReply.deleted(request, gone)).onSuccess(_ -> nudge(request, Operation.DELETE));
    }

    private Future<Written> write(RestRequest request, DataRequest data, @Nullable String body) {
        return executor.withSchema(request, schema -> {
            var plan = executor.plan(schema, data);
            var start = executor.start(request, Mode.WRITE, plan);
            var judges = request.mediaType().representation().isSingular()
                    || request.preferences().strictMaxAffected() != null
                    || request.preferences().rollsBack();
            var row = judges
                    ? executor.transaction(
                            request,
                            start,
                            connection -> executor.execute(connection, request, plan, body)
                                    .compose(written -> RestReply.judged(request, written)))
                    : executor.execute(
                            request,
                            start,
                            plan,
                            body,
                            request.query().limit(),
                            request.query().offset());
            return row.map(written -> new Written(written, plan));
        });
    }

    private void nudge(RestRequest request, Operation operation) {
        var project = request.context().project();
        // What a batch wrote is not there before it commits.
        if (request.session() == null
                && events.isResolvable()
                && !project.triggers(Moment.AFTER, request.qualifiedTable(), operation)
                        .isEmpty()) {
            events.get().nudge(project);
        }
    }

    private record Written(Row row, Statement plan) {}
}
