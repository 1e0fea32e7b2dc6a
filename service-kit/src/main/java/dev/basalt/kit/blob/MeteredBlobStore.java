package dev.basalt.kit.blob;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store that times what another does, as {@code basalt.blob.operations} by operation and outcome. A get ends when its
 * content is open.
 */
final class MeteredBlobStore implements BlobStore {
    private final BlobStore store;
    private final MeterRegistry meters;

    MeteredBlobStore(BlobStore store, MeterRegistry meters) {
        this.store = store;
        this.meters = meters;
    }

    @Override
    public Future<StoredBlob> put(BlobKey key, ReadStream<Buffer> content, long expectedLength, long maxLength) {
        return timed("put", () -> store.put(key, content, expectedLength, maxLength));
    }

    @Override
    public Future<BlobContent> get(BlobKey key, long offset, long length) {
        return timed("get", () -> store.get(key, offset, length));
    }

    @Override
    public Future<Long> size(BlobKey key) {
        return timed("size", () -> store.size(key));
    }

    @Override
    public Future<Void> copy(BlobKey from, BlobKey to) {
        return timed("copy", () -> store.copy(from, to));
    }

    @Override
    public Future<Void> delete(BlobKey key) {
        return timed("delete", () -> store.delete(key));
    }

    @Override
    public Future<List<ListedBlob>> list(String namespace, @Nullable BlobKey after, int limit) {
        return timed("list", () -> store.list(namespace, after, limit));
    }

    @Override
    public void close() {
        store.close();
    }

    private <T extends @Nullable Object> Future<T> timed(String operation, Supplier<Future<T>> call) {
        Timer.Sample sample = Timer.start(meters);
        return call.get()
                .onComplete(result -> sample.stop(meters.timer(
                        "basalt.blob.operations", "operation", operation, "outcome", outcome(result.cause()))));
    }

    private static String outcome(@Nullable Throwable failure) {
        return switch (failure) {
            case null -> "success";
            case BlobStoreException.NotFound e -> "not_found";
            case BlobStoreException.TooLarge e -> "too_large";
            case BlobStoreException.Truncated e -> "truncated";
            case BlobStoreException.RangeInvalid e -> "range_invalid";
            case BlobStoreException.Unavailable e -> "unavailable";
            case BlobStoreException.Full e -> "full";
            case Throwable e -> "content_failed";
        };
    }
}
