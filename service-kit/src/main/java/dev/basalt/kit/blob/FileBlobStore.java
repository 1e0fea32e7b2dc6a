package dev.basalt.kit.blob;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ExecutorServiceMetrics;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Blobs as files of a local disk: {@code objects/<namespace>/<two last digits>/<uuid>}, written aside and renamed.
 *
 * <p>With fsync on (the default) the content, its name and its directory are on the disk before a put succeeds. All file
 * work happens on a bounded pool of threads of its own.
 */
public final class FileBlobStore implements BlobStore {
    /** Up to this length a blob is read into memory at once: one hop, no open file kept. */
    static final int SMALL = 64 << 10;

    private static final int BATCH = 1 << 20;

    private final Vertx vertx;
    private final BlobFiles files;
    private final ThreadPoolExecutor executor;

    /**
     * Opens the store, making its directory where it is missing and clearing what killed uploads left.
     *
     * @throws BlobStoreException when the directory cannot be used
     */
    public FileBlobStore(Vertx vertx, Path directory, int threads, int queue, boolean fsync, MeterRegistry meters) {
        this.vertx = vertx;
        var number = new AtomicInteger();
        this.executor = new ThreadPoolExecutor(
                threads,
                threads,
                30,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(queue),
                task -> Thread.ofPlatform()
                        .daemon()
                        .name("basalt-blob-" + number.incrementAndGet())
                        .unstarted(task));
        executor.allowCoreThreadTimeOut(true);
        ExecutorServiceMetrics.monitor(meters, executor, "basalt.blob.files", List.of());
        try {
            this.files = BlobFiles.open(directory, fsync);
        } catch (IOException e) {
            throw new BlobStoreException.Unavailable("cannot use the blob directory " + directory, e);
        }
    }

    @Override
    public Future<StoredBlob> put(BlobKey key, ReadStream<Buffer> content, long expectedLength, long maxLength) {
        Context context = vertx.getOrCreateContext();
        return BlobIntake.take(
                context,
                content,
                new Upload(context, key, expectedLength),
                Future.succeededFuture(),
                expectedLength,
                maxLength,
                BATCH,
                false);
    }

    @Override
    public Future<BlobContent> get(BlobKey key, long offset, long length) {
        Context context = vertx.getOrCreateContext();
        Path file = files.path(key);
        return run(context, () -> {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                long size = channel.size();
                if (offset < 0 || offset > size) {
                    throw new BlobStoreException.RangeInvalid(key, offset, size);
                }
                long wanted = length < 0 ? size - offset : Math.min(length, size - offset);
                if (wanted > SMALL) {
                    return new FileBlobContent(context, executor, file, offset, wanted);
                }
                var bytes = ByteBuffer.allocate((int) wanted);
                while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) >= 0) {
                    // Reads until it is full; a blob never shrinks.
                }
                return new SmallBlobContent(context, Buffer.buffer(bytes.array()));
            } catch (NoSuchFileException e) {
                throw new BlobStoreException.NotFound(key);
            }
        });
    }

    @Override
    public Future<Long> size(BlobKey key) {
        return run(vertx.getOrCreateContext(), () -> {
            try {
                return Files.size(files.path(key));
            } catch (NoSuchFileException e) {
                throw new BlobStoreException.NotFound(key);
            }
        });
    }

    /** A second name for the same content, which never changes. */
    @Override
    public Future<Void> copy(BlobKey from, BlobKey to) {
        return run(vertx.getOrCreateContext(), () -> {
                    try {
                        Path target = files.prepare(to);
                        Files.createLink(target, files.path(from));
                        files.persist(target);
                        return Nothing.NOTHING;
                    } catch (NoSuchFileException e) {
                        throw new BlobStoreException.NotFound(from);
                    }
                })
                .mapEmpty();
    }

    @Override
    public Future<Void> delete(BlobKey key) {
        return run(vertx.getOrCreateContext(), () -> {
                    Files.deleteIfExists(files.path(key));
                    return Nothing.NOTHING;
                })
                .mapEmpty();
    }

    @Override
    public Future<List<ListedBlob>> list(String namespace, @Nullable BlobKey after, int limit) {
        BlobKey.checkNamespace(namespace);
        return run(vertx.getOrCreateContext(), () -> files.list(namespace, after, limit));
    }

    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(5, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
        files.close();
    }

    private <T> Future<T> run(Context context, Callable<T> work) {
        return run(context, work, 0);
    }

    private <T> Future<T> run(Context context, Callable<T> work, long bytes) {
        Promise<T> promise = Promise.promise();
        try {
            executor.execute(() -> {
                try {
                    T value = work.call();
                    context.runOnContext(now -> promise.complete(value));
                } catch (Exception e) {
                    BlobStoreException known = known(e, bytes);
                    context.runOnContext(now -> promise.fail(known));
                }
            });
        } catch (RejectedExecutionException e) {
            promise.fail(new BlobStoreException.Unavailable("too many file operations at once", e));
        }
        return promise.future();
    }

    private BlobStoreException known(Exception failure, long bytes) {
        return switch (failure) {
            case BlobStoreException e -> e;
            case FileAlreadyExistsException e ->
                new BlobStoreException.Unavailable("a blob key was used twice: " + e.getFile(), e);
            case IOException e when files.isFull(e, bytes) -> new BlobStoreException.Full(e);
            case Exception e -> new BlobStoreException.Unavailable("file operation failed", e);
        };
    }

    /** What a task without a result answers. */
    private enum Nothing {
        NOTHING
    }

    /** One upload: a file aside, its checksums, and at the end its place. */
    private final class Upload implements BlobIntake.Sink {
        private final Context context;
        private final BlobKey key;
        private final long expectedLength;
        private final Digests digests = new Digests();
        private @Nullable Path unfinished;
        private @Nullable FileChannel channel;

        Upload(Context context, BlobKey key, long expectedLength) {
            this.context = context;
            this.key = key;
            this.expectedLength = expectedLength;
        }

        private FileChannel channel() throws IOException {
            if (channel == null) {
                if (expectedLength > files.freeSpace()) {
                    throw new BlobStoreException.Full(null);
                }
                unfinished = files.unfinished(key);
                channel = FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            }
            return channel;
        }

        @Override
        public Future<Void> write(Buffer batch) {
            return run(
                            context,
                            () -> {
                                byte[] bytes = batch.getBytes();
                                digests.update(bytes);
                                var buffer = ByteBuffer.wrap(bytes);
                                FileChannel open = channel();
                                while (buffer.hasRemaining()) {
                                    open.write(buffer);
                                }
                                return Nothing.NOTHING;
                            },
                            batch.length())
                    .mapEmpty();
        }

        @Override
        public Future<StoredBlob> commit() {
            return run(
                    context,
                    () -> {
                        try (FileChannel open = channel()) {
                            files.force(open);
                        }
                        Path written = unfinished;
                        if (written == null) {
                            throw new IllegalStateException("no file was opened");
                        }
                        files.publish(written, key);
                        unfinished = null;
                        return digests.finish(key);
                    },
                    BATCH);
        }

        @Override
        public Future<Void> abort() {
            return run(context, () -> {
                        FileChannel open = channel;
                        if (open != null) {
                            open.close();
                        }
                        Path rest = unfinished;
                        if (rest != null) {
                            Files.deleteIfExists(rest);
                        }
                        return Nothing.NOTHING;
                    })
                    .mapEmpty();
        }
    }
}
