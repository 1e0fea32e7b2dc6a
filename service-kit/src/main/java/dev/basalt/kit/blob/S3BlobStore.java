package dev.basalt.kit.blob;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.minio.BucketExistsArgs;
import io.minio.CopyObjectArgs;
import io.minio.GetObjectArgs;
import io.minio.GetObjectResponse;
import io.minio.ListObjectsV2Args;
import io.minio.MakeBucketArgs;
import io.minio.MinioAsyncClient;
import io.minio.RemoveObjectArgs;
import io.minio.SourceObject;
import io.minio.StatObjectArgs;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import io.minio.messages.Item;
import io.minio.messages.ListObjectsResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Blobs as objects of one bucket of any S3, under {@code <namespace>/<uuid>}.
 *
 * <p>Content up to one part goes in one request, longer content as a multipart upload that is aborted on failure.
 * Uploads hold parts in memory and share a budget for it. Network work happens on virtual threads, the number of
 * requests at once is limited by the client's dispatcher.
 */
public final class S3BlobStore implements BlobStore {
    private static final int MOST_PARTS = 10_000;
    private static final int SMALLEST_PART = 5 << 20;
    private static final int CHUNK = 64 << 10;

    private final Vertx vertx;
    private final String bucket;
    private final boolean createBucket;
    private final int partSize;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final OkHttpClient http;
    private final S3Requests requests;
    private final MemoryBudget budget;
    private final AtomicReference<@Nullable Future<Void>> bucketReady = new AtomicReference<>();

    /** Prepares the client; the S3 is first asked when it is first used, so it may come up later than this process. */
    public S3BlobStore(Vertx vertx, S3Config config, MeterRegistry meters) {
        this.vertx = vertx;
        this.bucket = config.bucket();
        this.createBucket = config.createBucket();
        this.partSize =
                Math.toIntExact(Math.clamp(config.partSize().asLongValue(), SMALLEST_PART, Integer.MAX_VALUE / 4));
        this.budget = new MemoryBudget(config.uploadMemory().asLongValue());
        var dispatcher = new Dispatcher(executor);
        dispatcher.setMaxRequests(config.maxRequests());
        dispatcher.setMaxRequestsPerHost(config.maxRequests());
        this.http = new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .connectionPool(new ConnectionPool(config.maxRequests(), 1, TimeUnit.MINUTES))
                .connectTimeout(config.connectTimeout())
                .readTimeout(config.readTimeout())
                .writeTimeout(config.writeTimeout())
                .build();
        URI endpoint =
                config.endpoint().orElseThrow(() -> new IllegalArgumentException("basalt.s3.endpoint must be set"));
        MinioAsyncClient client = MinioAsyncClient.builder()
                .endpoint(endpoint.toString())
                .region(config.region())
                .credentials(
                        config.accessKey()
                                .orElseThrow(() -> new IllegalArgumentException("basalt.s3.access-key must be set")),
                        config.secretKey()
                                .orElseThrow(() -> new IllegalArgumentException("basalt.s3.secret-key must be set")))
                .httpClient(http)
                .build();
        this.requests = new S3Requests(client, executor, config.attempts(), config.retryPause());
        Gauge.builder("basalt.blob.s3.upload.memory", budget, MemoryBudget::used)
                .baseUnit("bytes")
                .register(meters);
        Gauge.builder("basalt.blob.s3.uploads.waiting", budget, MemoryBudget::queued)
                .register(meters);
        Gauge.builder("basalt.blob.s3.requests.queued", dispatcher, Dispatcher::queuedCallsCount)
                .register(meters);
    }

    @Override
    public Future<StoredBlob> put(BlobKey key, ReadStream<Buffer> content, long expectedLength, long maxLength) {
        Context context = vertx.getOrCreateContext();
        int part = partSizeFor(expectedLength);
        // One part is on its way while the next gathers.
        long share = expectedLength >= 0 && expectedLength < part ? Math.max(1, expectedLength) : 2L * part;
        content.pause();
        if (expectedLength > maxLength) {
            return Future.failedFuture(new BlobStoreException.TooLarge(maxLength));
        }
        Future<Void> taken = budget.take(share);
        Future<Void> ready = taken.compose(any -> ensureBucket(context, key));
        var upload = new S3Upload(context, requests, bucket, key, part);
        return BlobIntake.take(context, content, upload, ready, expectedLength, maxLength, part, true)
                .onComplete(any -> taken.onSuccess(mine -> budget.release(share)));
    }

    private int partSizeFor(long expectedLength) {
        long needed = Math.max(partSize, expectedLength / (MOST_PARTS - 1) + 1);
        return (int) Math.min(needed, Integer.MAX_VALUE / 4);
    }

    @Override
    public Future<BlobContent> get(BlobKey key, long offset, long length) {
        Context context = vertx.getOrCreateContext();
        if (length == 0) {
            return size(key)
                    .compose(size -> offset > size || offset < 0
                            ? Future.failedFuture(new BlobStoreException.RangeInvalid(key, offset, size))
                            : Future.succeededFuture(new SmallBlobContent(context, Buffer.buffer())));
        }
        if (offset == 0) {
            return open(context, key, 0, length);
        }
        // S3 answers an error to a range that begins at the end: our contract answers no bytes.
        return size(key).compose(size -> {
            if (offset < 0 || offset > size) {
                return Future.failedFuture(new BlobStoreException.RangeInvalid(key, offset, size));
            }
            return offset == size
                    ? Future.succeededFuture(new SmallBlobContent(context, Buffer.buffer()))
                    : open(context, key, offset, length);
        });
    }

    private Future<BlobContent> open(Context context, BlobKey key, long offset, long length) {
        var get = GetObjectArgs.builder().bucket(bucket).object(key.value());
        if (offset > 0) {
            get.offset(offset);
        }
        if (length > 0) {
            get.offset(offset).length(length);
        }
        GetObjectArgs arguments = get.build();
        return requests.send(context, key, client -> client.getObject(arguments))
                .<BlobContent>map(response -> new S3BlobContent(context, response))
                // A range of an empty blob: S3 has no such thing.
                .recover(failure -> failure instanceof BlobStoreException.RangeInvalid && offset == 0
                        ? Future.succeededFuture(new SmallBlobContent(context, Buffer.buffer()))
                        : Future.failedFuture(failure));
    }

    @Override
    public Future<Long> size(BlobKey key) {
        StatObjectArgs arguments =
                StatObjectArgs.builder().bucket(bucket).object(key.value()).build();
        return requests.send(vertx.getOrCreateContext(), key, client -> client.statObject(arguments))
                .map(stat -> stat.size());
    }

    @Override
    public Future<Void> copy(BlobKey from, BlobKey to) {
        CopyObjectArgs arguments = CopyObjectArgs.builder()
                .bucket(bucket)
                .object(to.value())
                .source(SourceObject.builder()
                        .bucket(bucket)
                        .object(from.value())
                        .build())
                .build();
        return requests.send(vertx.getOrCreateContext(), from, client -> client.copyObject(arguments))
                .mapEmpty();
    }

    @Override
    public Future<Void> delete(BlobKey key) {
        RemoveObjectArgs arguments =
                RemoveObjectArgs.builder().bucket(bucket).object(key.value()).build();
        return requests.send(
                        vertx.getOrCreateContext(),
                        key,
                        client -> client.removeObject(arguments).thenApply(none -> Boolean.TRUE))
                .recover(S3BlobStore::goneIsFine)
                .mapEmpty();
    }

    private static Future<Boolean> goneIsFine(Throwable failure) {
        return failure instanceof BlobStoreException.NotFound
                ? Future.succeededFuture(Boolean.TRUE)
                : Future.failedFuture(failure);
    }

    @Override
    public Future<List<ListedBlob>> list(String namespace, @Nullable BlobKey after, int limit) {
        // For messages only: a listing has no single key.
        var key = new BlobKey(namespace, new UUID(0, 0));
        var list = ListObjectsV2Args.builder()
                .bucket(bucket)
                .prefix(namespace + "/")
                .maxKeys(limit);
        if (after != null) {
            list.startAfter(after.value());
        }
        ListObjectsV2Args arguments = list.build();
        return requests.send(vertx.getOrCreateContext(), key, client -> client.listObjectsV2(arguments))
                .map(response -> listed(response.result()))
                .recover(failure -> failure instanceof BlobStoreException.NotFound
                        ? Future.succeededFuture(List.of())
                        : Future.failedFuture(failure));
    }

    private static List<ListedBlob> listed(ListObjectsResult result) {
        var page = new ArrayList<ListedBlob>();
        if (result.contents() != null) {
            for (Item entry : result.contents()) {
                BlobKey.parse(entry.objectName())
                        .ifPresent(key -> page.add(new ListedBlob(
                                key, entry.size(), entry.lastModified().toInstant())));
            }
        }
        return page;
    }

    /** Once it succeeded it is never asked again; a failure is forgotten, and the next put asks anew. */
    private Future<Void> ensureBucket(Context context, BlobKey key) {
        if (!createBucket) {
            return Future.succeededFuture();
        }
        Future<Void> known = bucketReady.get();
        if (known != null && !known.failed()) {
            return known;
        }
        Future<Void> asked = requests.send(
                        context,
                        key,
                        client -> client.bucketExists(
                                BucketExistsArgs.builder().bucket(bucket).build()))
                .compose(exists -> exists
                        ? Future.succeededFuture()
                        : requests.send(context, key, this::makeBucket).<Void>mapEmpty());
        bucketReady.compareAndSet(known, asked);
        return asked;
    }

    private CompletableFuture<Boolean> makeBucket(MinioAsyncClient client) throws MinioException {
        return client.makeBucket(MakeBucketArgs.builder().bucket(bucket).build())
                .handle((done, failure) -> {
                    if (failure == null || isOurs(failure)) {
                        return Boolean.TRUE;
                    }
                    throw new CompletionException(failure);
                });
    }

    /** Another replica made it between our question and our request. */
    private static boolean isOurs(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause instanceof ErrorResponseException e
                && "BucketAlreadyOwnedByYou".equals(e.errorResponse().code());
    }

    @Override
    public void close() {
        http.dispatcher().cancelAll();
        http.connectionPool().evictAll();
        executor.shutdownNow();
    }

    /** The body of an answer that has begun. */
    private final class S3BlobContent implements BlobContent {
        private final InputReadStream stream;
        private final GetObjectResponse response;
        private final long length;

        S3BlobContent(Context context, GetObjectResponse response) {
            String header = response.headers().get("Content-Length");
            this.length = header == null ? 0 : Long.parseLong(header);
            this.response = response;
            this.stream = new InputReadStream(context, executor, () -> response, CHUNK);
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public ReadStream<Buffer> stream() {
            return stream;
        }

        @Override
        public void close() {
            stream.close();
            executor.execute(() -> InputReadStream.closeQuietly(response));
        }
    }
}
