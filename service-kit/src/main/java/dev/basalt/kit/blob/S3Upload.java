package dev.basalt.kit.blob;

import io.minio.AbortMultipartUploadArgs;
import io.minio.CompleteMultipartUploadArgs;
import io.minio.CreateMultipartUploadArgs;
import io.minio.PutObjectAPIArgs;
import io.minio.UploadPartArgs;
import io.minio.messages.Part;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One upload to an S3: a single request while all fits into one part, a multipart upload else. */
final class S3Upload implements BlobIntake.Sink {
    private final Context context;
    private final S3Requests requests;
    private final String bucket;
    private final BlobKey key;
    private final int partSize;
    private final Digests digests = new Digests();
    private final List<Part> parts = new ArrayList<>();
    private byte[] single = new byte[0];
    private @Nullable String uploadId;

    S3Upload(Context context, S3Requests requests, String bucket, BlobKey key, int partSize) {
        this.context = context;
        this.requests = requests;
        this.bucket = bucket;
        this.key = key;
        this.partSize = partSize;
    }

    @Override
    public Future<Void> write(Buffer batch) {
        byte[] bytes = batch.getBytes();
        String known = uploadId;
        if (known != null) {
            return uploadPart(known, bytes);
        }
        if (bytes.length < partSize) {
            single = bytes;
            return Future.succeededFuture();
        }
        CreateMultipartUploadArgs create = CreateMultipartUploadArgs.builder()
                .bucket(bucket)
                .object(key.value())
                .build();
        return requests.send(context, key, client -> client.createMultipartUpload(create))
                .compose(created -> {
                    String id = created.result().uploadId();
                    uploadId = id;
                    return uploadPart(id, bytes);
                });
    }

    private Future<Void> uploadPart(String id, byte[] bytes) {
        UploadPartArgs arguments = UploadPartArgs.builder()
                .bucket(bucket)
                .object(key.value())
                .uploadId(id)
                .partNumber(parts.size() + 1)
                .data(bytes, bytes.length)
                .build();
        var digesting = new Once(bytes);
        return requests.send(context, key, client -> {
                    digesting.run();
                    return client.uploadPart(arguments);
                })
                .map(done -> {
                    parts.add(done.part());
                    return null;
                });
    }

    @Override
    public Future<StoredBlob> commit() {
        String id = uploadId;
        if (id == null) {
            PutObjectAPIArgs put = PutObjectAPIArgs.builder()
                    .bucket(bucket)
                    .object(key.value())
                    .data(single, single.length)
                    .build();
            var digesting = new Once(single);
            return requests.send(context, key, client -> {
                        digesting.run();
                        return client.putObject(put);
                    })
                    .map(done -> digests.finish(key));
        }
        CompleteMultipartUploadArgs complete = CompleteMultipartUploadArgs.builder()
                .bucket(bucket)
                .object(key.value())
                .uploadId(id)
                .parts(parts.toArray(Part[]::new))
                .build();
        return requests.send(context, key, client -> client.completeMultipartUpload(complete))
                .map(done -> {
                    uploadId = null;
                    return digests.finish(key);
                });
    }

    @Override
    public Future<Void> abort() {
        String id = uploadId;
        if (id == null) {
            return Future.succeededFuture();
        }
        AbortMultipartUploadArgs abort = AbortMultipartUploadArgs.builder()
                .bucket(bucket)
                .object(key.value())
                .uploadId(id)
                .build();
        return requests.send(context, key, client -> client.abortMultipartUpload(abort))
                .mapEmpty();
    }

    /** Adds a batch to the checksums off the event loop, and only once when its request is tried again. */
    private final class Once {
        private final byte[] bytes;
        private boolean done;

        Once(byte[] bytes) {
            this.bytes = bytes;
        }

        void run() {
            if (!done) {
                done = true;
                digests.update(bytes);
            }
        }
    }
}
