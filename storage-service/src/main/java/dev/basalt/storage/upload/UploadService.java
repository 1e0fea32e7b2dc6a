package dev.basalt.storage.upload;

import dev.basalt.kit.blob.BlobKey;
import dev.basalt.kit.blob.BlobStore;
import dev.basalt.kit.blob.StoredBlob;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.storage.bucket.Bucket;
import dev.basalt.storage.bucket.BucketStore;
import dev.basalt.storage.error.StorageError;
import dev.basalt.storage.error.StorageFailures;
import dev.basalt.storage.object.Blobs;
import dev.basalt.storage.object.ObjectHooks;
import dev.basalt.storage.object.ObjectStore;
import dev.basalt.storage.object.ObjectStore.NewObject;
import dev.basalt.storage.object.ObjectStore.Write;
import dev.basalt.storage.object.ObjectStore.Written;
import dev.basalt.storage.sweep.BlobSweeper;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * The way of an upload: is it allowed (tried and rolled back), then the content goes to a blob of its own, then before
 * hooks look at the row, then it is written. The row is the commit: a crash before it leaves a blob that no row names, which the sweeper clears; a crash
 * after it leaves nothing undone but the clearing of what was replaced.
 *
 * <p>Errors, the first that applies: the bucket is not there, the caller may not, the content type, the size, the store,
 * a hook.
 */
@ApplicationScoped
class UploadService {
    private final BucketStore buckets;
    private final ObjectStore objects;
    private final ObjectHooks hooks;
    private final BlobStore store;
    private final Blobs blobs;
    private final BlobSweeper sweeper;
    private final StorageConfig config;

    @Inject
    UploadService(
            BucketStore buckets,
            ObjectStore objects,
            ObjectHooks hooks,
            BlobStore store,
            Blobs blobs,
            BlobSweeper sweeper,
            StorageConfig config) {
        this.buckets = buckets;
        this.objects = objects;
        this.hooks = hooks;
        this.store = store;
        this.blobs = blobs;
        this.sweeper = sweeper;
        this.config = config;
    }

    /** Whether the caller may write that object; nothing is written. */
    Future<Bucket> check(RequestContext context, String bucket, String name, Write write) {
        return buckets.find(context, bucket)
                .compose(found -> objects.rehearse(
                                context, write, new NewObject(bucket, name, new JsonObject(), null, "rehearsal"))
                        .map(found));
    }

    /** Uploads; the body is opened only when all that can be checked before it holds. */
    Future<Written> upload(
            RequestContext context, String bucket, String name, Write write, Supplier<Future<UploadBody>> body) {
        return check(context, bucket, name, write)
                .compose(found -> body.get().compose(content -> store(context, found, name, write, content)));
    }

    private Future<Written> store(RequestContext context, Bucket bucket, String name, Write write, UploadBody body) {
        bucket.checkType(body.contentType());
        long limit = bucket.sizeLimit(config.fileSizeLimit().asLongValue());
        if (body.length() > limit) {
            return Future.failedFuture(ApiException.of(StorageError.ENTITY_TOO_LARGE));
        }
        sweeper.written(context.project());
        BlobKey key = Blobs.fresh(context.project());
        return store.put(key, body.content(), body.length(), limit)
                .compose(blob -> hooks.commit(
                                context,
                                write,
                                new NewObject(
                                        bucket.id(), name, metadata(blob, body), body.userMetadata(), key.value()))
                        .onFailure(failure -> blobs.discardRefused(key, failure)))
                .onSuccess(written -> blobs.discard(written.replaced().stream().toList()))
                .recover(StorageFailures::fail);
    }

    private static JsonObject metadata(StoredBlob blob, UploadBody body) {
        return new JsonObject()
                .put("eTag", '"' + blob.md5() + '"')
                .put("size", blob.length())
                .put("mimetype", body.contentType())
                .put("cacheControl", body.cacheControl())
                .put("lastModified", Instant.now().toString())
                .put("contentLength", blob.length())
                .put("httpStatusCode", 200);
    }
}
