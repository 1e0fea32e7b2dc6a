package dev.basalt.storage.object;

import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.database.ProjectDatabases.Mode;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.storage.error.StorageError;
import dev.basalt.storage.error.StorageFailures;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Set;

/**
 * The listing of one level of a bucket: the folders that names make with their slashes, then the objects, as far as the
 * caller sees them.
 */
@ApplicationScoped
class ObjectListing {
    private static final int MOST = 10_000;
    private static final Set<String> SORTABLE = Set.of("name", "updated_at", "created_at", "last_accessed_at");

    /** Bounds of names with a prefix, in the byte order that names are kept in: an index reads only those. */
    private static final String LIST = """
            with below as (
              select substr(name, length($2) + 1) as rest, id, updated_at, created_at, last_accessed_at, metadata
              from storage.objects
              where bucket_id = $1 and name collate "C" >= $2 and name collate "C" < $2 || chr(1114111)
            ), level as (
              select distinct split_part(rest, '/', 1) as name, null::uuid as id, null::timestamptz as updated_at,
                null::timestamptz as created_at, null::timestamptz as last_accessed_at, null::jsonb as metadata
              from below where position('/' in rest) > 0
              union all
              select rest, id, updated_at, created_at, last_accessed_at, metadata
              from below where position('/' in rest) = 0 and rest <> ''
            )
            select coalesce(json_agg(page), '[]')::text from (
              select * from level where starts_with(lower(name), lower($3))
              order by id is not null,""";

    private final ProjectDatabases databases;

    @Inject
    ObjectListing(ProjectDatabases databases) {
        this.databases = databases;
    }

    Future<Buffer> list(RequestContext context, String bucket, JsonObject body) {
        String column = "name";
        String order = "asc";
        if (body.getValue("sortBy") instanceof JsonObject sort) {
            column = text(sort, "column", "name");
            order = text(sort, "order", "asc");
        }
        if (!SORTABLE.contains(column) || !Set.of("asc", "desc").contains(order)) {
            throw ApiException.of(StorageError.INVALID_PARAMETER, "Invalid Parameter sortBy");
        }
        String prefix = text(body, "prefix", "");
        String folder = prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
        return databases
                .query(
                        context,
                        Mode.READ,
                        LIST + " " + column + " " + order + ", name limit $4 offset $5) page",
                        Tuple.of(
                                bucket,
                                refuseNul(folder),
                                refuseNul(text(body, "search", "")),
                                number(body, "limit", 100, 1, MOST),
                                number(body, "offset", 0, 0, Integer.MAX_VALUE)))
                .map(rows -> Buffer.buffer(rows.iterator().next().getString(0)))
                .recover(StorageFailures::fail);
    }

    private static String refuseNul(String text) {
        if (text.indexOf('\0') >= 0) {
            throw ApiException.of(StorageError.INVALID_KEY);
        }
        return text;
    }

    private static String text(JsonObject body, String member, String otherwise) {
        return switch (body.getValue(member)) {
            case null -> otherwise;
            case String text -> text;
            default -> throw ApiException.of(StorageError.INVALID_PARAMETER, "Invalid Parameter " + member);
        };
    }

    private static int number(JsonObject body, String member, int otherwise, int least, int most) {
        return switch (body.getValue(member)) {
            case null -> otherwise;
            case Number number when number.longValue() >= least -> (int) Math.min(number.longValue(), most);
            default -> throw ApiException.of(StorageError.INVALID_PARAMETER, "Invalid Parameter " + member);
        };
    }
}
