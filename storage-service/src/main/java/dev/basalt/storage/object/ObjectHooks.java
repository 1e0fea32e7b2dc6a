package dev.basalt.storage.object;

import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.database.ProjectDatabases.Mode;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.hook.HookCall;
import dev.basalt.kit.hook.HookInvoker;
import dev.basalt.kit.hook.HookVerdict;
import dev.basalt.kit.project.DataTrigger;
import dev.basalt.kit.project.DataTrigger.Moment;
import dev.basalt.kit.project.DataTrigger.Operation;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.storage.bucket.Bucket;
import dev.basalt.storage.bucket.BucketStore;
import dev.basalt.storage.error.StorageError;
import dev.basalt.storage.error.StorageFailures;
import dev.basalt.storage.object.ObjectService.Route;
import dev.basalt.storage.object.ObjectStore.DeletedObject;
import dev.basalt.storage.object.ObjectStore.Deletion;
import dev.basalt.storage.object.ObjectStore.NewObject;
import dev.basalt.storage.object.ObjectStore.Write;
import dev.basalt.storage.object.ObjectStore.Written;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The writes of objects, through a project's before hooks. A hook sees the row of {@code storage.objects} without its blob;
 * it may change {@code user_metadata}, and {@code mimetype} and {@code cacheControl} of {@code metadata}. What refuses fails
 * with {@link HookVerdict.Reject} as its error.
 *
 * <p>A new object's hooks run before its transaction begins. A change locks the row first; a deletion deletes first, and
 * is rolled back if a hook refuses. A write that no hook looks at goes straight to {@link ObjectStore}. Safe for use by any
 * thread.
 */
@ApplicationScoped
public class ObjectHooks {
    private static final String METADATA = "metadata";
    private static final String USER_METADATA = "user_metadata";
    private static final String TYPE = "mimetype";
    private static final String CACHE_CONTROL = "cacheControl";
    /** What can be the value of a response's header. */
    private static final Pattern HEADER = Pattern.compile("[\\x21-\\x7e][\\x20-\\x7e]{0,199}");

    private static final String LOCK = """
            select to_jsonb(o) as row from storage.objects o where bucket_id = $1 and name = $2 for update""";
    private static final String MOVE = """
            update storage.objects set bucket_id = $3, name = $4, metadata = $5, user_metadata = $6, updated_at = now()
            where bucket_id = $1 and name = $2""";

    private final ObjectStore objects;
    private final BucketStore buckets;
    private final ProjectDatabases databases;
    private final HookInvoker hooks;

    @Inject
    ObjectHooks(ObjectStore objects, BucketStore buckets, ProjectDatabases databases, HookInvoker hooks) {
        this.objects = objects;
        this.buckets = buckets;
        this.databases = databases;
        this.hooks = hooks;
    }

    /** {@link ObjectStore#commit(RequestContext, Write, NewObject)} of the object as the hooks want it. */
    public Future<Written> commit(RequestContext context, Write write, NewObject object) {
        var onInsert = triggers(context, Operation.INSERT);
        var onUpdate = triggers(context, Operation.UPDATE);
        if ((write == Write.UPDATE || onInsert.isEmpty()) && (write == Write.INSERT || onUpdate.isEmpty())) {
            return objects.commit(context, write, object);
        }
        return buckets.find(context, object.bucket()).compose(bucket -> {
            var created = row(context, new JsonObject(), object);
            if (write == Write.INSERT) {
                return shaped(context, bucket, onInsert, Operation.INSERT, created, null)
                        .compose(shape -> objects.commit(context, write, shape.of(object)));
            }
            return databases.transaction(
                    context,
                    Mode.WRITE,
                    connection -> lock(connection, object.bucket(), object.name())
                            .compose(found -> {
                                if (found.isPresent()) {
                                    var changed = row(context, found.get(), object);
                                    return shaped(context, bucket, onUpdate, Operation.UPDATE, changed, found.get())
                                            .compose(shape ->
                                                    ObjectStore.commit(connection, context, write, shape.of(object)));
                                }
                                if (write == Write.UPDATE) {
                                    throw ApiException.of(StorageError.NO_SUCH_KEY);
                                }
                                // An object that came meanwhile is not replaced: no hook has seen it.
                                return shaped(context, bucket, onInsert, Operation.INSERT, created, null)
                                        .compose(shape -> ObjectStore.commit(
                                                connection, context, Write.INSERT, shape.of(object)));
                            }));
        });
    }

    /** {@link ObjectStore#move} of the object as the hooks want it. */
    Future<Void> move(RequestContext context, Route route) {
        var onUpdate = triggers(context, Operation.UPDATE);
        if (onUpdate.isEmpty()) {
            return objects.move(context, route.bucket(), route.name(), route.toBucket(), route.toName());
        }
        return buckets.find(context, route.toBucket())
                .compose(bucket -> databases.<Void>transaction(
                        context,
                        Mode.WRITE,
                        connection -> lock(connection, route.bucket(), route.name())
                                .map(found -> found.orElseThrow(() -> ApiException.of(StorageError.NO_SUCH_KEY)))
                                .compose(old -> shaped(
                                        context,
                                        bucket,
                                        onUpdate,
                                        Operation.UPDATE,
                                        old.copy()
                                                .put("bucket_id", route.toBucket())
                                                .put("name", route.toName()),
                                        old))
                                .compose(shape -> connection
                                        .preparedQuery(MOVE)
                                        .execute(Tuple.of(
                                                route.bucket(),
                                                route.name(),
                                                route.toBucket(),
                                                route.toName(),
                                                shape.metadata(),
                                                shape.userMetadata())))
                                .map(ObjectStore::touched)
                                .mapEmpty()))
                .recover(StorageFailures::fail);
    }

    /** {@link ObjectStore#delete}, of all or none: the first object that a hook keeps keeps the others. */
    Future<List<DeletedObject>> delete(RequestContext context, Deletion deletion) {
        var onDelete = triggers(context, Operation.DELETE);
        if (onDelete.isEmpty()) {
            return objects.delete(context, deletion);
        }
        return databases
                .transaction(
                        context,
                        Mode.WRITE,
                        connection -> connection
                                .preparedQuery(deletion.sql())
                                .execute(deletion.parameters())
                                .map(DeletedObject::all)
                                .compose(deleted -> {
                                    Future<?> last = Future.succeededFuture();
                                    for (var object : deleted) {
                                        last = last.compose(_ -> before(
                                                context, onDelete, Operation.DELETE, null, visible(object.row())));
                                    }
                                    return last.map(_ -> deleted);
                                }))
                .recover(StorageFailures::fail);
    }

    private static Future<Optional<JsonObject>> lock(SqlConnection connection, String bucket, String name) {
        return connection.preparedQuery(LOCK).execute(Tuple.of(bucket, name)).map(rows -> {
            var iterator = rows.iterator();
            return iterator.hasNext() ? Optional.of(visible(iterator.next().getJsonObject("row"))) : Optional.empty();
        });
    }

    /** A row without what is of no use to a hook. */
    private static JsonObject visible(JsonObject row) {
        var visible = row.copy();
        visible.remove("version");
        visible.remove("path_tokens");
        return visible;
    }

    /** The row that a write makes of what is there. */
    private static JsonObject row(RequestContext context, JsonObject old, NewObject object) {
        var owner = ObjectStore.owner(context);
        var id = owner == null ? null : owner.toString();
        return old.copy()
                .put("bucket_id", object.bucket())
                .put("name", object.name())
                .put("owner", id)
                .put("owner_id", id)
                .put(METADATA, object.metadata())
                .put(USER_METADATA, object.userMetadata());
    }

    /** What hooks made of an object. */
    private record Shape(JsonObject metadata, @Nullable JsonObject userMetadata) {
        NewObject of(NewObject object) {
            return object.with(metadata, userMetadata);
        }
    }

    private Future<Shape> shaped(
            RequestContext context,
            Bucket bucket,
            List<DataTrigger> triggers,
            Operation operation,
            JsonObject record,
            @Nullable JsonObject old) {
        var metadata = Objects.requireNonNullElseGet(record.getJsonObject(METADATA), JsonObject::new);
        return before(context, triggers, operation, record.put(METADATA, metadata), old)
                .map(row -> {
                    if (row == null
                            || !(row.getValue(METADATA) instanceof JsonObject shaped)
                            || !(row.getValue(USER_METADATA) == null
                                    || row.getValue(USER_METADATA) instanceof JsonObject)) {
                        throw invalid("A hook returned an object without its metadata");
                    }
                    HookInvoker.requireSame(metadata, shaped, Set.of(TYPE, CACHE_CONTROL));
                    requireHeader(shaped, TYPE);
                    requireHeader(shaped, CACHE_CONTROL);
                    var type = shaped.getString(TYPE);
                    if (type != null && !Objects.equals(type, metadata.getString(TYPE))) {
                        bucket.checkType(type);
                    }
                    return new Shape(shaped, row.getJsonObject(USER_METADATA));
                });
    }

    private static void requireHeader(JsonObject metadata, String name) {
        var value = metadata.getValue(name);
        if (value != null
                && !(value instanceof String text && HEADER.matcher(text).matches())) {
            throw invalid("A hook returned metadata whose '" + name + "' is no header's value");
        }
    }

    private Future<@Nullable JsonObject> before(
            RequestContext context,
            List<DataTrigger> triggers,
            Operation operation,
            @Nullable JsonObject record,
            @Nullable JsonObject old) {
        if (triggers.isEmpty()) {
            return Future.succeededFuture(record);
        }
        var call = new HookCall(triggers, operation, "storage", "objects", record, old);
        return hooks.shape(context, call, Set.of(METADATA, USER_METADATA));
    }

    private static ApiException invalid(String message) {
        return HookVerdict.Reject.invalidAnswer(message).asFailure();
    }

    private static List<DataTrigger> triggers(RequestContext context, Operation operation) {
        return context.project().triggers(Moment.BEFORE, DataTrigger.OBJECTS, operation);
    }
}
