package dev.basalt.storage.object;

import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.database.ProjectDatabases.Mode;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.storage.error.StorageError;
import dev.basalt.storage.error.StorageFailures;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * {@code storage.objects}: written as the caller, whose policies decide, and read as the caller or, where a token or a
 * public bucket has decided already, as the platform.
 */
@ApplicationScoped
public class ObjectStore {
    private static final String INSERT = """
            insert into storage.objects (id, bucket_id, name, owner, owner_id, metadata, user_metadata, version)
            values ($1, $2, $3, $4, $5, $6, $7, $8)""";
    private static final String UPSERT = INSERT
            + " on conflict (bucket_id, name) do update set owner = excluded.owner, owner_id = excluded.owner_id,"
            + " metadata = excluded.metadata, user_metadata = excluded.user_metadata, version = excluded.version,"
            + " updated_at = now()";
    private static final String UPDATE = """
            update storage.objects set owner = $4, owner_id = $5, metadata = $6, user_metadata = $7, version = $8,
              updated_at = now()
            where bucket_id = $2 and name = $3 and $1::uuid is not null""";
    private static final String LOCK =
            "select id, version from storage.objects where bucket_id = $1 and name = $2 for update";
    private static final String ID = "select id from storage.objects where bucket_id = $1 and name = $2";

    private final ProjectDatabases databases;

    @Inject
    ObjectStore(ProjectDatabases databases) {
        this.databases = databases;
    }

    /** How an upload treats an object that is there. */
    public enum Write {
        /** It must not be there. */
        INSERT(ObjectStore.INSERT),
        /** It is replaced. */
        UPSERT(ObjectStore.UPSERT),
        /** It must be there. */
        UPDATE(ObjectStore.UPDATE);

        private final String sql;

        Write(String sql) {
            this.sql = sql;
        }
    }

    /**
     * What an upload writes.
     *
     * @param version the key of its blob
     */
    public record NewObject(
            String bucket,
            String name,
            JsonObject metadata,
            @Nullable JsonObject userMetadata,
            String version) {
        NewObject with(JsonObject otherMetadata, @Nullable JsonObject otherUserMetadata) {
            return new NewObject(bucket, name, otherMetadata, otherUserMetadata, version);
        }
    }

    /**
     * What a write did.
     *
     * @param metadata that of the object
     * @param replaced the blob that no object names any more
     */
    public record Written(UUID id, JsonObject metadata, Optional<String> replaced) {}

    /** Checks that the caller may write, by writing and rolling back. */
    public Future<Void> rehearse(RequestContext context, Write write, NewObject object) {
        return databases
                .<Void>transaction(
                        context,
                        Mode.WRITE,
                        connection -> write(connection, context, write, object)
                                .compose(done -> Future.failedFuture(new Rehearsed())))
                .recover(failure ->
                        failure instanceof Rehearsed ? Future.succeededFuture() : StorageFailures.fail(failure));
    }

    /** Writes: this is the moment at which an upload happened. Fails with the private failure, for the caller to tell. */
    public Future<Written> commit(RequestContext context, Write write, NewObject object) {
        return databases.transaction(context, Mode.WRITE, connection -> commit(connection, context, write, object));
    }

    /** The same in a transaction that its caller began. */
    static Future<Written> commit(SqlConnection connection, RequestContext context, Write write, NewObject object) {
        var at = Tuple.of(object.bucket(), object.name());
        // Whoever may replace an object can read it: PostgreSQL demands both. Whoever may not read sees its own alone.
        var before = connection.preparedQuery(LOCK).execute(at);
        var written = write(connection, context, write, object);
        var after = connection.preparedQuery(ID).execute(at);
        return Future.join(before, written, after)
                .map(all -> new Written(
                        id(after.result()).orElse(written.result()),
                        object.metadata(),
                        replaced(before.result(), object)));
    }

    private static Optional<UUID> id(RowSet<Row> rows) {
        var iterator = rows.iterator();
        return iterator.hasNext() ? Optional.of(iterator.next().getUUID("id")) : Optional.empty();
    }

    private static Optional<String> replaced(RowSet<Row> before, NewObject object) {
        var iterator = before.iterator();
        return iterator.hasNext()
                ? Optional.of(iterator.next().getString("version")).filter(old -> !old.equals(object.version()))
                : Optional.empty();
    }

    /** The id that the object has if it is new. */
    private static Future<UUID> write(SqlConnection connection, RequestContext context, Write write, NewObject object) {
        var id = UUID.randomUUID();
        UUID owner = owner(context);
        return connection
                .preparedQuery(write.sql)
                .execute(Tuple.from(new @Nullable Object[] {
                    id,
                    object.bucket(),
                    object.name(),
                    owner,
                    owner == null ? null : owner.toString(),
                    object.metadata(),
                    object.userMetadata(),
                    object.version()
                }))
                .map(ObjectStore::touched)
                .map(id);
    }

    /** Whose an object is that this request writes. */
    static @Nullable UUID owner(RequestContext context) {
        return context.caller() instanceof Caller.User user ? user.id() : null;
    }

    static RowSet<Row> touched(RowSet<Row> rows) {
        if (rows.rowCount() == 0) {
            throw ApiException.of(StorageError.NO_SUCH_KEY);
        }
        return rows;
    }

    /** The object as the caller sees it. */
    public Future<StoredObject> find(RequestContext context, String bucket, String name) {
        return databases
                .query(
                        context,
                        Mode.READ,
                        "select " + StoredObject.COLUMNS + " from storage.objects where bucket_id = $1 and name = $2",
                        Tuple.of(bucket, name))
                .map(ObjectStore::single)
                .recover(StorageFailures::fail);
    }

    /** The object as the platform sees it, for whoever holds a signed URL. */
    Future<StoredObject> findAsPlatform(RequestContext context, String bucket, String name) {
        return databases
                .platformQuery(
                        context,
                        "select " + StoredObject.COLUMNS + " from storage.objects where bucket_id = $1 and name = $2",
                        Tuple.of(bucket, name))
                .map(ObjectStore::single)
                .recover(StorageFailures::fail);
    }

    /** The object of a public bucket, for anybody. */
    Future<StoredObject> findPublic(RequestContext context, String bucket, String name) {
        return databases
                .platformQuery(
                        context,
                        "select " + StoredObject.COLUMNS
                                + " from storage.objects where bucket_id = $1 and name = $2"
                                + " and exists (select from storage.buckets b where b.id = $1 and b.public)",
                        Tuple.of(bucket, name))
                .map(ObjectStore::single)
                .recover(StorageFailures::fail);
    }

    /** Which of these names the caller sees. */
    Future<List<String>> visible(RequestContext context, String bucket, List<String> names) {
        return databases
                .query(
                        context,
                        Mode.READ,
                        "select name from storage.objects where bucket_id = $1 and name = any($2)",
                        Tuple.of(bucket, (Object) names.toArray(String[]::new)))
                .map(rows -> {
                    var found = new ArrayList<String>();
                    rows.forEach(row -> found.add(row.getString(0)));
                    return List.copyOf(found);
                })
                .recover(StorageFailures::fail);
    }

    Future<Void> move(RequestContext context, String bucket, String name, String toBucket, String toName) {
        return databases
                .query(context, Mode.WRITE, """
                        update storage.objects set bucket_id = $3, name = $4, updated_at = now()
                        where bucket_id = $1 and name = $2""", Tuple.of(bucket, name, toBucket, toName))
                .map(ObjectStore::touched)
                .<Void>mapEmpty()
                .recover(StorageFailures::fail);
    }

    /**
     * A statement that deletes objects which the caller may delete.
     *
     * @param parameters those of {@code sql}, which returns a {@link DeletedObject} a row
     */
    record Deletion(String sql, Tuple parameters) {
        private static final String RETURNING = " returning version, row_to_json(objects) as row";

        /** Of these names. */
        static Deletion of(String bucket, List<String> names) {
            return new Deletion(
                    "delete from storage.objects where bucket_id = $1 and name = any($2)" + RETURNING,
                    Tuple.of(bucket, (Object) names.toArray(String[]::new)));
        }

        /** Of up to that many. */
        static Deletion some(String bucket, int limit) {
            return new Deletion(
                    "delete from storage.objects where id in ("
                            + "select id from storage.objects where bucket_id = $1 limit $2)" + RETURNING,
                    Tuple.of(bucket, limit));
        }
    }

    Future<List<DeletedObject>> delete(RequestContext context, Deletion deletion) {
        return databases
                .query(context, Mode.WRITE, deletion.sql(), deletion.parameters())
                .map(DeletedObject::all)
                .recover(StorageFailures::fail);
    }

    private static StoredObject single(RowSet<Row> rows) {
        var iterator = rows.iterator();
        if (!iterator.hasNext()) {
            throw ApiException.of(StorageError.NO_SUCH_KEY);
        }
        return StoredObject.of(iterator.next());
    }

    /** An object that was deleted, as its client is told, and the key of its blob. */
    record DeletedObject(String version, JsonObject row) {
        static List<DeletedObject> all(RowSet<Row> rows) {
            var deleted = new ArrayList<DeletedObject>();
            for (Row row : rows) {
                deleted.add(new DeletedObject(row.getString("version"), row.getJsonObject("row")));
            }
            return deleted;
        }
    }

    /** Ends a transaction that was to be rolled back anyway. */
    private static final class Rehearsed extends RuntimeException {
        Rehearsed() {
            super("rehearsed", null, false, false);
        }
    }
}
