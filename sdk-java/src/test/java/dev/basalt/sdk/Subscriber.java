package dev.basalt.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A subscriber that asks for what a test tells it to, and keeps what it got. */
public final class Subscriber<T> implements Flow.Subscriber<T> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    private final BlockingQueue<T> items = new LinkedBlockingQueue<>();
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();

    public void request(long items) {
        subscription.join().request(items);
    }

    public void cancel() {
        subscription.join().cancel();
    }

    /** The next item; fails when none comes. */
    public T next() throws InterruptedException {
        T item = items.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(item).as("the next item; failure: " + failure.getNow(null)).isNotNull();
        return item;
    }

    public boolean isEmpty() {
        return items.isEmpty();
    }

    public boolean hasFailed() {
        return failure.isDone();
    }

    /** What it ended with; fails when it does not end. */
    public Throwable failure() throws Exception {
        return failure.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void onSubscribe(Flow.Subscription opened) {
        assertThat(subscription.complete(opened)).as("the first subscription").isTrue();
    }

    @Override
    public void onNext(T item) {
        items.add(item);
    }

    @Override
    public void onError(Throwable ended) {
        assertThat(failure.complete(ended)).as("the first failure").isTrue();
    }

    @Override
    public void onComplete() {
        failure.completeExceptionally(new AssertionError("a live query does not complete"));
    }
}
