package dev.basalt.storage.bucket;

import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.database.ProjectDatabases.Mode;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.storage.error.StorageError;
import dev.basalt.storage.error.StorageFailures;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code storage.buckets}: read and written as the caller, whose policies decide. */
@ApplicationScoped
public class BucketStore {
    private static final String COLUMNS =
            "id, name, owner, public, type, file_size_limit, allowed_mime_types," + " created_at, updated_at";

    private final ProjectDatabases databases;

    @Inject
    BucketStore(ProjectDatabases databases) {
        this.databases = databases;
    }

    /** The bucket as the platform sees it, whoever asks: for its limits and whether it is public. */
    public Future<Bucket> find(RequestContext context, String id) {
        return databases
                .platformQuery(
                        context,
                        "select id, public, file_size_limit, allowed_mime_types from storage.buckets where id = $1",
                        Tuple.of(id))
                .map(rows -> Bucket.of(first(rows)))
                .recover(StorageFailures::fail);
    }

    Future<Buffer> list(RequestContext context) {
        return databases
                .query(
                        context,
                        Mode.READ,
                        "select coalesce(json_agg(b order by b.name), '[]')::text from (select " + COLUMNS
                                + " from storage.buckets) b",
                        Tuple.tuple())
                .map(rows -> Buffer.buffer(first(rows).getString(0)))
                .recover(StorageFailures::fail);
    }

    Future<Buffer> get(RequestContext context, String id) {
        return databases
                .query(
                        context,
                        Mode.READ,
                        "select to_json(b)::text from (select " + COLUMNS + " from storage.buckets where id = $1) b",
                        Tuple.of(id))
                .map(rows -> Buffer.buffer(first(rows).getString(0)))
                .recover(StorageFailures::fail);
    }

    Future<Void> create(RequestContext context, String id, String name, BucketRequest settings) {
        UUID owner = context.caller() instanceof Caller.User user ? user.id() : null;
        return databases
                .query(
                        context,
                        Mode.WRITE,
                        """
                        insert into storage.buckets (id, name, owner, owner_id, public, file_size_limit, allowed_mime_types)
                        values ($1, $2, $3, $4, $5, $6, $7)""",
                        Tuple.of(
                                id,
                                name,
                                owner,
                                owner == null ? null : owner.toString(),
                                Boolean.TRUE.equals(settings.isPublic()),
                                limit(settings.fileSizeLimit()),
                                types(settings.allowedMimeTypes())))
                .<Void>mapEmpty()
                .recover(failure ->
                        StorageFailures.fail(failure, StorageError.BUCKET_EXISTS, StorageError.INVALID_REQUEST));
    }

    Future<Void> update(RequestContext context, String id, BucketRequest settings) {
        return databases
                .query(
                        context,
                        Mode.WRITE,
                        """
                        update storage.buckets set public = coalesce($2, public),
                          file_size_limit = case when $3 then $4 else file_size_limit end,
                          allowed_mime_types = case when $5 then $6 else allowed_mime_types end, updated_at = now()
                        where id = $1""",
                        Tuple.of(
                                id,
                                settings.isPublic(),
                                settings.fileSizeLimit() != null,
                                limit(settings.fileSizeLimit()),
                                settings.allowedMimeTypes() != null,
                                types(settings.allowedMimeTypes())))
                .map(BucketStore::touched)
                .<Void>mapEmpty()
                .recover(StorageFailures::fail);
    }

    Future<Void> delete(RequestContext context, String id) {
        return databases
                .query(context, Mode.WRITE, "delete from storage.buckets where id = $1", Tuple.of(id))
                .map(BucketStore::touched)
                .<Void>mapEmpty()
                .recover(failure ->
                        StorageFailures.fail(failure, StorageError.BUCKET_EXISTS, StorageError.BUCKET_NOT_EMPTY));
    }

    private static String @Nullable [] types(@Nullable List<String> asked) {
        return asked == null || asked.isEmpty() ? null : asked.toArray(String[]::new);
    }

    private static @Nullable Long limit(@Nullable Long asked) {
        return asked == null || asked == BucketRequest.NO_LIMIT ? null : asked;
    }

    private static int touched(RowSet<Row> rows) {
        if (rows.rowCount() == 0) {
            throw ApiException.of(StorageError.NO_SUCH_BUCKET);
        }
        return rows.rowCount();
    }

    private static Row first(RowSet<Row> rows) {
        var iterator = rows.iterator();
        if (!iterator.hasNext()) {
            throw ApiException.of(StorageError.NO_SUCH_BUCKET);
        }
        return iterator.next();
    }
}
