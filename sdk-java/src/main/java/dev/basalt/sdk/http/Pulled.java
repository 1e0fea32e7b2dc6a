package dev.basalt.sdk.http;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer that goes on: it is read piece by piece, each when it is asked for. While nobody asks, nothing is read
 * off the connection, so that the server learns that its reader is slow.
 *
 * <p>{@link #read} once, then {@link #next} for each piece, after the last one came. Thread-safe.
 */
public final class Pulled implements BodySubscriber<Pulled> {
    private final CompletableFuture<Pulled> opened = new CompletableFuture<>();
    private final CompletableFuture<Flow.Subscription> source = new CompletableFuture<>();
    private final CompletableFuture<Reader> reader = new CompletableFuture<>();
    private final AtomicBoolean over = new AtomicBoolean();

    Pulled() {}

    /** Who reads a body. */
    public interface Reader {
        /** A piece that was asked for. */
        void piece(List<ByteBuffer> bytes);

        /** The end; with a failure if it broke off. Nothing comes after it. */
        void end(@Nullable Throwable failure);
    }

    /** Says who reads. */
    public void read(Reader by) {
        reader.complete(by);
    }

    /** Asks for another piece. */
    public void next() {
        var _ = source.thenAccept(subscription -> subscription.request(1));
    }

    /** Closes the connection; the reader hears nothing more. */
    public void cancel() {
        over.set(true);
        var _ = source.thenAccept(Flow.Subscription::cancel);
    }

    @Override
    public CompletionStage<Pulled> getBody() {
        return opened;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        source.complete(Objects.requireNonNull(subscription));
        opened.complete(this);
    }

    @Override
    public void onNext(List<ByteBuffer> bytes) {
        if (over.get()) return;
        var _ = reader.thenAccept(by -> by.piece(bytes));
    }

    @Override
    public void onError(Throwable failure) {
        end(failure);
    }

    @Override
    public void onComplete() {
        end(null);
    }

    private void end(@Nullable Throwable failure) {
        if (over.compareAndSet(false, true)) {
            var _ = reader.thenAccept(by -> by.end(failure));
        }
    }
}
