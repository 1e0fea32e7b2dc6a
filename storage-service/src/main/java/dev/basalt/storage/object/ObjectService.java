package dev.basalt.storage.object;

import dev.basalt.kit.blob.BlobKey;
import dev.basalt.kit.blob.BlobStore;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.storage.bucket.BucketStore;
import dev.basalt.storage.error.StorageError;
import dev.basalt.storage.error.StorageFailures;
import dev.basalt.storage.object.ObjectStore.DeletedObject;
import dev.basalt.storage.object.ObjectStore.Deletion;
import dev.basalt.storage.object.ObjectStore.NewObject;
import dev.basalt.storage.object.ObjectStore.Write;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;

/** The rules of what is done to objects without their content: move, copy, delete and empty. Safe for use by any thread. */
@ApplicationScoped
class ObjectService {
    private static final int EMPTIED_AT_ONCE = 1000;

    private final ObjectStore objects;
    private final ObjectHooks hooks;
    private final BucketStore buckets;
    private final BlobStore store;
    private final Blobs blobs;

    @Inject
    ObjectService(ObjectStore objects, ObjectHooks hooks, BucketStore buckets, BlobStore store, Blobs blobs) {
        this.objects = objects;
        this.hooks = hooks;
        this.buckets = buckets;
        this.store = store;
        this.blobs = blobs;
    }

    /** Source and destination of a move or a copy. */
    record Route(String bucket, String name, String toBucket, String toName) {
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
    Future<Void> move(RequestContext context, Route route) {
        return objects.find(context, route.bucket, route.name)
                .compose(found -> limits(context, route, found))
                .compose(allowed -> hooks.move(context, route));
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

    /**
     * What a copy made.
     *
     * @param metadata that of the source, unless a before hook changed it
     */
    record Copied(UUID id, JsonObject metadata) {}

    /** Copies the blob and then the row; a copy that is refused leaves neither. */
    Future<Copied> copy(RequestContext context, Write write, Route route) {
        return objects.find(context, route.bucket, route.name).compose(found -> {
            BlobKey key = Blobs.fresh(context.project());
            var copy = new NewObject(route.toBucket, route.toName, found.metadata(), found.userMetadata(), key.value());
            return limits(context, route, found)
                    .compose(allowed -> objects.rehearse(context, write, copy))
                    .compose(allowed -> store.copy(found.blob(), key))
                    .compose(copied ->
                            hooks.commit(context, write, copy).onFailure(failure -> blobs.discardRefused(key, failure)))
                    .onSuccess(
                            written -> blobs.discard(written.replaced().stream().toList()))
                    .recover(StorageFailures::fail)
                    .map(written -> new Copied(written.id(), written.metadata()));
        });
    }

    /** The objects of these names that the caller may delete, which are gone now. */
    Future<List<DeletedObject>> delete(RequestContext context, String bucket, List<String> names) {
        return hooks.delete(context, Deletion.of(bucket, names)).onSuccess(this::discard);
    }

    Future<Void> empty(RequestContext context, String bucket) {
        return buckets.find(context, bucket).compose(found -> emptyOn(context, bucket));
    }

    private Future<Void> emptyOn(RequestContext context, String bucket) {
        return hooks.delete(context, Deletion.some(bucket, EMPTIED_AT_ONCE)).compose(deleted -> {
            discard(deleted);
            return deleted.size() < EMPTIED_AT_ONCE ? Future.succeededFuture() : emptyOn(context, bucket);
        });
    }

    private void discard(List<DeletedObject> deleted) {
        blobs.discard(deleted.stream().map(DeletedObject::version).toList());
    }
}
