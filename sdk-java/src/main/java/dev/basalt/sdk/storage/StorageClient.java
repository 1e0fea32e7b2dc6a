package dev.basalt.sdk.storage;

import dev.basalt.sdk.http.BearerSource;
import dev.basalt.sdk.http.Call;
import dev.basalt.sdk.http.Dialect;
import dev.basalt.sdk.http.Json;
import dev.basalt.sdk.http.Transport;
import dev.basalt.sdk.http.Url;
import dev.basalt.sdk.http.Waiting;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Buckets. Thread-safe.
 *
 * <p>Calls fail with {@link dev.basalt.sdk.error.StorageException} or {@link dev.basalt.sdk.error.TransportException}.
 */
public final class StorageClient {
    private final Transport transport;
    private final BearerSource bearer;

    public StorageClient(Transport transport, BearerSource bearer) {
        this.transport = transport;
        this.bearer = bearer;
    }

    /** A bucket to work with; nothing is asked yet. */
    public BucketClient bucket(String id) {
        return new BucketClient(transport, bearer, id);
    }

    /** Makes a bucket; takes the secret key or a policy on {@code storage.buckets}. */
    public void createBucket(String id, BucketOptions options) {
        var _ = Waiting.on(createBucketAsync(id, options));
    }

    /** Completes with the bucket's id. */
    public CompletableFuture<String> createBucketAsync(String id, BucketOptions options) {
        var body = new LinkedHashMap<String, Object>();
        body.put("id", id);
        body.put("name", id);
        body.put("public", options.isPublic());
        if (options.fileSizeLimit() != null) body.put("file_size_limit", options.fileSizeLimit());
        if (options.allowedMimeTypes() != null) body.put("allowed_mime_types", options.allowedMimeTypes());
        return transport.send(call("POST", "").json(body), bearer, answer -> id);
    }

    /** The buckets that the caller may see. */
    public List<Bucket> buckets() {
        return Waiting.on(bucketsAsync());
    }

    public CompletableFuture<List<Bucket>> bucketsAsync() {
        return transport.send(call("GET", ""), bearer, answer -> Json.readList(answer, Bucket.class));
    }

    /** Deletes a bucket, which has to be empty. */
    public void deleteBucket(String id) {
        var _ = Waiting.on(deleteBucketAsync(id));
    }

    /** Completes with the bucket's id. */
    public CompletableFuture<String> deleteBucketAsync(String id) {
        return transport.send(call("DELETE", "/" + Url.encode(id)), bearer, answer -> id);
    }

    /** Deletes all objects of a bucket. */
    public void emptyBucket(String id) {
        var _ = Waiting.on(emptyBucketAsync(id));
    }

    /** Completes with the bucket's id. */
    public CompletableFuture<String> emptyBucketAsync(String id) {
        Call call = call("POST", "/" + Url.encode(id) + "/empty").json(Map.of());
        return transport.send(call, bearer, answer -> id);
    }

    private static Call call(String method, String path) {
        return Call.of(Dialect.STORAGE, method, "/storage/v1/bucket" + path);
    }
}
