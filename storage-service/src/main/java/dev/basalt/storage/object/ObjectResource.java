package dev.basalt.storage.object;

import dev.basalt.kit.blob.BlobKey;
import dev.basalt.kit.blob.BlobStore;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.storage.bucket.Bucket;
import dev.basalt.storage.bucket.BucketStore;
import dev.basalt.storage.error.StorageError;
import dev.basalt.storage.error.StorageFailures;
import dev.basalt.storage.object.ObjectStore.DeletedObject;
import dev.basalt.storage.object.ObjectStore.NewObject;
import dev.basalt.storage.object.ObjectStore.Write;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/** Everything done to objects without their content: list, move, copy, delete, and emptying a bucket. */
@ApplicationScoped
public class ObjectResource {
    private static final int MOST_DELETED = 1000;

    private final ObjectStore objects;
    private final ObjectListing listing;
    private final BucketStore buckets;
    private final BlobStore store;
    private final Blobs blobs;

    @Inject
    ObjectResource(ObjectStore objects, ObjectListing listing, BucketStore buckets, BlobStore store, Blobs blobs) {
        this.objects = objects;
        this.listing = listing;
        this.buckets = buckets;
        this.store = store;
        this.blobs = blobs;
    }

    /** Registers the endpoints. */
    public void register(ApiRoutes.Api api) {
        api.post(
                        "/object/list/:bucket",
                        "object_list",
                        Access.KEY,
                        exchange -> exchange.jsonObject()
                                .compose(body -> listing.list(exchange.context(), exchange.path("bucket"), body))
                                .map(json -> Reply.json(200, json)))
                .post("/object/move", "object_move", Access.KEY, this::move)
                .post("/object/copy", "object_copy", Access.KEY, this::copy)
                .post("/bucket/:bucket/empty", "bucket_empty", Access.KEY, this::empty)
                .delete("/object/:bucket", "object_delete_many", Access.KEY, this::deleteMany)
                .delete("/object/:bucket/*", "object_delete", Access.KEY, this::deleteOne);
    }

    /** Source and destination of a move or a copy. */
    private record Route(String bucket, String name, String toBucket, String toName) {
        static Route of(JsonObject body) {
            String bucket = StorageFailures.requiredText(body, "bucketId");
            return new Route(
                    bucket,
                    ObjectName.check(StorageFailures.requiredText(body, "sourceKey")),
                    body.getValue("destinationBucket") instanceof String other ? other : bucket,
                    ObjectName.check(StorageFailures.requiredText(body, "destinationKey")));
        }
    }

    /** The blob stays where it is: only its name changes, at once. */
    private Future<Reply> move(Exchange exchange) {
        return exchange.jsonObject().map(Route::of).compose(route -> {
            RequestContext context = exchange.context();
            return objects.find(context, route.bucket, route.name)
                    .compose(found -> limits(context, route, found))
                    .compose(allowed -> objects.move(context, route.bucket, route.name, route.toBucket, route.toName))
                    .map(moved -> Reply.json(200, new JsonObject().put("message", "Successfully moved")));
        });
    }

    private Future<Void> limits(RequestContext context, Route route, StoredObject found) {
        if (route.bucket.equals(route.toBucket)) {
            return Future.succeededFuture();
        }
        return buckets.find(context, route.toBucket).compose(bucket -> {
            bucket.checkType(found.contentType());
            return found.size() > bucket.sizeLimit(Long.MAX_VALUE)
                    ? Future.failedFuture(ApiException.of(StorageError.ENTITY_TOO_LARGE))
                    : Future.succeededFuture();
        });
    }

    private Future<Reply> copy(Exchange exchange) {
        RequestContext context = exchange.context();
        Write write = "true".equalsIgnoreCase(exchange.header("x-upsert")) ? Write.UPSERT : Write.INSERT;
        return exchange.jsonObject()
                .map(Route::of)
                .compose(route -> objects.find(context, route.bucket, route.name)
                        .compose(found -> {
                            BlobKey key = Blobs.fresh(exchange.project());
                            var copy = new NewObject(
                                    route.toBucket, route.toName, found.metadata(), found.userMetadata(), key.value());
                            return limits(context, route, found)
                                    .compose(allowed -> objects.rehearse(context, write, copy))
                                    .compose(allowed -> store.copy(found.blob(), key))
                                    .compose(copied -> objects.commit(context, write, copy))
                                    .onSuccess(written -> blobs.discard(
                                            written.replaced().stream().toList()))
                                    .recover(StorageFailures::fail)
                                    .map(written -> Reply.json(
                                            200,
                                            new JsonObject()
                                                    .put("Id", written.id().toString())
                                                    .put("Key", route.toBucket + "/" + route.toName)
                                                    .put("name", route.toName)
                                                    .put("bucket_id", route.toBucket)
                                                    .put("metadata", found.metadata())));
                        }));
    }

    private Future<Reply> deleteOne(Exchange exchange) {
        String name = ObjectName.check(exchange.path("*"));
        return objects.delete(exchange.context(), exchange.path("bucket"), List.of(name))
                .map(deleted -> {
                    if (deleted.isEmpty()) {
                        throw ApiException.of(StorageError.NO_SUCH_KEY);
                    }
                    discard(deleted);
                    return Reply.json(200, new JsonObject().put("message", "Successfully deleted"));
                });
    }

    private Future<Reply> deleteMany(Exchange exchange) {
        return exchange.jsonObject().compose(body -> {
            if (!(body.getValue("prefixes") instanceof JsonArray names)
                    || names.isEmpty()
                    || names.size() > MOST_DELETED
                    || !names.stream().allMatch(String.class::isInstance)) {
                throw ApiException.of(
                        StorageError.INVALID_PARAMETER, "body/prefixes must hold 1 to " + MOST_DELETED + " names");
            }
            // A name that can't be is not there.
            List<String> wanted = names.stream()
                    .map(String.class::cast)
                    .filter(name -> name.indexOf('\0') < 0)
                    .toList();
            return objects.delete(exchange.context(), exchange.path("bucket"), wanted)
                    .map(deleted -> {
                        discard(deleted);
                        var rows = new JsonArray();
                        deleted.forEach(object -> rows.add(object.row()));
                        return Reply.json(200, rows);
                    });
        });
    }

    private Future<Reply> empty(Exchange exchange) {
        String bucket = Bucket.checkName(exchange.path("bucket"));
        return buckets.find(exchange.context(), bucket)
                .compose(found -> emptyOn(exchange.context(), bucket))
                .map(emptied -> Reply.json(200, new JsonObject().put("message", "Successfully emptied")));
    }

    private Future<Void> emptyOn(RequestContext context, String bucket) {
        return objects.deleteSome(context, bucket, MOST_DELETED).compose(deleted -> {
            discard(deleted);
            return deleted.size() < MOST_DELETED ? Future.succeededFuture() : emptyOn(context, bucket);
        });
    }

    private void discard(List<DeletedObject> deleted) {
        blobs.discard(deleted.stream().map(DeletedObject::version).toList());
    }
}
