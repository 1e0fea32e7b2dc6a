package dev.basalt.data.documents.write;

import dev.basalt.data.documents.DocumentError;
import dev.basalt.data.documents.DocumentFailure;
import dev.basalt.data.documents.collection.Collection;
import dev.basalt.data.documents.collection.Collections;
import dev.basalt.data.documents.write.Write.Must;
import dev.basalt.data.documents.write.Write.Op;
import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.database.ProjectDatabases.Mode;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.event.EventSink;
import dev.basalt.kit.project.DataTrigger.Moment;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Writes as the caller, all or none.
 *
 * <p>Writes to different documents of one collection are one statement. A single write whose outcome nobody has to look at
 * before it commits goes out in one round trip. A transaction that was in another's way runs again, a few times. Safe for use
 * by any thread.
 */
@ApplicationScoped
class WriteService {
    private static final int ATTEMPTS = 3;

    private final ProjectDatabases databases;
    private final Collections collections;
    private final PreparedWrites prepared;
    private final SchemaChecks schemas;
    private final Instance<EventSink> events;

    @Inject
    WriteService(
            ProjectDatabases databases,
            Collections collections,
            PreparedWrites prepared,
            SchemaChecks schemas,
            Instance<EventSink> events) {
        this.databases = databases;
        this.collections = collections;
        this.prepared = prepared;
        this.schemas = schemas;
        this.events = events;
    }

    /** What became of the writes, and of the work that went with them. */
    record Outcome<T>(List<Written> written, T result) {}

    /** What became of the one write, with the document if it is to be {@code shown}. */
    Future<Written> write(RequestContext context, Write write, boolean shown) {
        return write(context, List.of(write), shown).map(List::getFirst);
    }

    /** What became of the writes, in their order, without the documents. */
    Future<List<Written>> write(RequestContext context, List<Write> writes) {
        return write(context, writes, false);
    }

    private Future<List<Written>> write(RequestContext context, List<Write> writes, boolean shown) {
        return collections
                .findOrCreate(context, names(writes))
                .compose(all -> schemas.before(all, writes)
                        .compose(_ -> attempt(context, ATTEMPTS, () -> {
                            var first = writes.getFirst();
                            if (writes.size() == 1
                                    && !prepared.needs(context, first)
                                    && !schemas.needsResult(all, first)) {
                                return single(context, first, shown);
                            }
                            return databases.transaction(
                                    context, Mode.WRITE, connection -> all(connection, context, all, writes, shown));
                        })))
                .onSuccess(written -> nudge(context, written));
    }

    /** The writes and then other work in one transaction of the project's owner, whom row-level security does not bind. */
    <T> Future<Outcome<T>> writeWith(
            RequestContext context, List<Write> writes, Function<SqlConnection, Future<T>> work) {
        return collections
                .findOrCreate(context, names(writes))
                .compose(all -> attempt(
                        context,
                        ATTEMPTS,
                        () -> databases.owner(
                                context,
                                connection -> OwnerTransaction.run(
                                        connection,
                                        context,
                                        () -> schemas.before(all, writes)
                                                .compose(_ -> all(connection, context, all, writes, false))
                                                .compose(written -> work.apply(connection)
                                                        .map(result -> new Outcome<>(written, result)))))))
                .onSuccess(done -> nudge(context, done.written()));
    }

    private static Set<String> names(List<Write> writes) {
        return writes.stream()
                .map(write -> write.path().collection().collection())
                .collect(Collectors.toSet());
    }

    private Future<List<Written>> single(RequestContext context, Write write, boolean shown) {
        var collection = write.path().collection().collection();
        var writes = List.of(write);
        var done = SetStatement.fits(write)
                ? set(context, write, shown)
                : databases.query(
                        context, Mode.WRITE, MergeStatement.sql(collection), MergeStatement.parameters(writes, shown));
        return done.map(rows -> judged(writes, MergeStatement.results(writes, rows)));
    }

    private Future<RowSet<Row>> set(RequestContext context, Write write, boolean shown) {
        var collection = write.path().collection().collection();
        var parameters = SetStatement.parameters(write);
        return databases
                .query(context, Mode.WRITE, SetStatement.sql(collection, shown), parameters)
                .recover(failure -> DocumentFailure.isDenied(failure)
                        ? databases.query(context, Mode.WRITE, SetStatement.apart(collection, shown), parameters)
                        : Future.failedFuture(failure));
    }

    private Future<List<Written>> all(
            SqlConnection connection,
            RequestContext context,
            Map<String, Collection> collections,
            List<Write> writes,
            boolean shown) {
        var done = new ArrayList<Written>(writes.size());
        Future<?> last = Future.succeededFuture();
        for (var group : MergeStatement.groups(writes)) {
            boolean looked = shown || schemas.looks(collections, group.getFirst());
            last = last.compose(_ -> group(connection, context, group, looked))
                    .compose(written -> schemas.after(collections, written).map(written))
                    .onSuccess(done::addAll);
        }
        return last.map(_ -> {
            done.sort(Comparator.comparingInt(written -> written.write().index()));
            return done;
        });
    }

    private Future<List<Written>> group(
            SqlConnection connection, RequestContext context, List<Write> group, boolean shown) {
        var sql = MergeStatement.sql(group.getFirst().path().collection().collection());
        return prepared.prepare(connection, context, group)
                .compose(ready -> ready.isEmpty()
                        ? Future.succeededFuture(complete(group, List.of()))
                        : connection
                                .preparedQuery(sql)
                                .execute(MergeStatement.parameters(ready, shown))
                                .map(rows -> complete(group, judged(ready, MergeStatement.results(ready, rows)))));
    }

    /** Fails, and so rolls back, if a write did not take place; one that had nothing to delete is done. */
    private static List<Written> judged(List<Write> writes, List<Written> results) {
        if (results.size() == writes.size()) {
            return results;
        }
        var all = new ArrayList<>(results);
        var found = results.stream().map(Written::write).collect(Collectors.toSet());
        for (var write : writes) {
            if (!found.contains(write)) {
                if (write.op() != Op.DELETE || write.must() == Must.PRESENT) {
                    throw write.refused();
                }
                all.add(new Written(write, null, 0, null));
            }
        }
        return all;
    }

    /** The deletions that had nothing to delete were left out while they were prepared. */
    private static List<Written> complete(List<Write> group, List<Written> results) {
        if (results.size() == group.size()) {
            return results;
        }
        var all = new ArrayList<>(results);
        var found = results.stream().map(one -> one.write().path()).collect(Collectors.toSet());
        group.stream()
                .filter(write -> !found.contains(write.path()))
                .forEach(write -> all.add(new Written(write, null, 0, null)));
        return all;
    }

    private <T> Future<T> attempt(RequestContext context, int attempts, Supplier<Future<T>> work) {
        return work.get().recover(failure -> {
            boolean conflict = DocumentFailure.isConflict(failure)
                    || (failure instanceof ApiException refused && refused.error() == DocumentError.CONFLICT);
            if (conflict && attempts > 1) {
                // What still has the id is no race, but a document that the caller may not write.
                return attempt(context, DocumentFailure.isTakenId(failure) ? 1 : attempts - 1, work);
            }
            // The id is taken, and yet there is no such document for the caller: as if nothing may be written there.
            return DocumentFailure.isTakenId(failure) && !(context.caller() instanceof Caller.Service)
                    ? Future.failedFuture(
                            ApiException.of(DocumentError.FORBIDDEN).with("sqlstate", "42501"))
                    : DocumentFailure.worded(failure);
        });
    }

    private void nudge(RequestContext context, List<Written> written) {
        var project = context.project();
        if (events.isResolvable()
                && written.stream()
                        .anyMatch(one -> one.operation() != null
                                && !project.triggers(
                                                Moment.AFTER,
                                                "documents."
                                                        + one.write()
                                                                .path()
                                                                .collection()
                                                                .collection(),
                                                Objects.requireNonNull(one.operation()))
                                        .isEmpty())) {
            events.get().nudge(project);
        }
    }
}
