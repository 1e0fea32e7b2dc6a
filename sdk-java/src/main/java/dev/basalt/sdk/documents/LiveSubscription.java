package dev.basalt.sdk.documents;

import dev.basalt.sdk.error.BasaltException;
import dev.basalt.sdk.error.DocumentException;
import dev.basalt.sdk.error.TransportException;
import dev.basalt.sdk.error.TransportException.Reason;
import dev.basalt.sdk.http.Call;
import dev.basalt.sdk.http.EventStream;
import dev.basalt.sdk.http.Pulled;
import dev.basalt.sdk.http.Waiting;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber of a live query, with its connection.
 *
 * <p>Whatever happens is put in a queue, which one thread at a time works off, so that all but {@code demand}, {@code cancelled}
 * and {@code wrong} is used by one thread at a time and signals come one after the other. A connection has at most a piece, an end
 * and a timer under way, so the queue stays short.
 */
final class LiveSubscription<T> implements Flow.Subscription {
    private final Connection connection;
    private final Call call;
    private final Flow.Subscriber<? super Snapshot<T>> subscriber;
    private final LiveState<T> state;
    private final AtomicLong demand = new AtomicLong();
    private final Queue<Runnable> happened = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();
    private volatile boolean cancelled;
    private volatile boolean wrong;

    private @Nullable Link link;
    private @Nullable List<Document<T>> shown;
    private boolean news;
    private boolean connecting;
    private boolean over;
    private int failures;

    LiveSubscription(
            Connection connection, Call query, Class<T> type, Flow.Subscriber<? super Snapshot<T>> subscriber) {
        this.connection = connection;
        // Tries are counted here, over all connections.
        this.call = query.header("Accept", "text/event-stream").once();
        this.state = new LiveState<>(type);
        this.subscriber = Objects.requireNonNull(subscriber);
    }

    void start() {
        subscriber.onSubscribe(this);
    }

    @Override
    public void request(long snapshots) {
        if (snapshots <= 0) wrong = true;
        else demand.accumulateAndGet(snapshots, (had, more) -> had + more < 0 ? Long.MAX_VALUE : had + more);
        work();
    }

    @Override
    public void cancel() {
        cancelled = true;
        work();
    }

    private void happens(Runnable event) {
        happened.add(event);
        work();
    }

    private void work() {
        if (pending.getAndIncrement() != 0) return;
        int done = 1;
        do {
            for (Runnable event = happened.poll(); event != null; event = happened.poll()) event.run();
            step();
            done = pending.addAndGet(-done);
        } while (done != 0);
    }

    private void step() {
        if (over) return;
        if (cancelled) end();
        else if (wrong) fail(new IllegalArgumentException("a subscriber asks for one snapshot or more"));
        else if (demand.get() > 0) serve();
    }

    private void serve() {
        if (news) show();
        // What is wished for meanwhile is seen to in another turn.
        if (over || cancelled || demand.get() == 0) return;
        Link open = link;
        if (open != null) open.read();
        else if (!connecting) connect();
    }

    private void show() {
        news = false;
        List<Document<T>> before = shown;
        Snapshot<T> snapshot = Snapshot.of(before == null ? List.of() : before, state.documents());
        if (before != null && snapshot.changes().isEmpty() && paths(before).equals(paths(snapshot.documents()))) return;
        shown = snapshot.documents();
        if (demand.get() != Long.MAX_VALUE) demand.decrementAndGet();
        try {
            subscriber.onNext(snapshot);
        } catch (RuntimeException | Error bug) {
            end();
            throw bug;
        }
    }

    private static <T> List<String> paths(List<Document<T>> documents) {
        return documents.stream().map(Document::path).toList();
    }

    private void connect() {
        connecting = true;
        String seen = state.id();
        CompletableFuture<Pulled> opening = connection
                .transport()
                .listen(seen == null ? call : call.header("Last-Event-ID", seen), connection.bearer());
        var _ = opening.whenComplete((body, failure) -> happens(() -> opened(body, failure)));
    }

    private void opened(@Nullable Pulled body, @Nullable Throwable failure) {
        if (body == null) {
            Throwable cause = failure == null ? new IllegalStateException("no body") : Waiting.unwrap(failure);
            if (!over) retryAfter(cause, null);
            return;
        }
        if (over) {
            body.cancel();
            return;
        }
        connecting = false;
        link = new Link(body);
    }

    /** Connects anew after a pause, if that may help and has not been in vain too often. */
    private void retryAfter(Throwable failure, @Nullable Duration asked) {
        connecting = true;
        failures++;
        Duration wish =
                failure instanceof BasaltException told ? told.retryAfter().orElse(asked) : asked;
        Optional<Duration> pause =
                mayHelp(failure) ? connection.transport().livePause(failures, wish) : Optional.empty();
        if (pause.isEmpty()) {
            fail(failure);
            return;
        }
        CompletableFuture.delayedExecutor(pause.get().toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> happens(() -> connecting = false));
    }

    private static boolean mayHelp(Throwable failure) {
        return switch (failure) {
            case TransportException broken -> broken.reason() != Reason.INVALID_ANSWER;
            case DocumentException refused -> refused.isRetryable() || refused.status() >= 500;
            default -> false;
        };
    }

    private void fail(Throwable failure) {
        if (over) return;
        end();
        subscriber.onError(failure);
    }

    private void end() {
        over = true;
        Link open = link;
        link = null;
        if (open != null) open.close();
    }

    /** One connection that is open. */
    private final class Link implements Pulled.Reader {
        private final Pulled body;
        private final EventStream events = new EventStream();
        private CompletableFuture<Void> silence = CompletableFuture.completedFuture(null);
        private boolean reading;

        Link(Pulled body) {
            this.body = body;
            body.read(this);
        }

        void read() {
            if (reading) return;
            reading = true;
            Duration limit = connection.transport().options().liveSilence();
            silence = new CompletableFuture<Void>().orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS);
            var _ = silence.whenComplete((heard, failure) -> {
                if (failure instanceof TimeoutException) {
                    happens(() -> lost(Reason.TIMEOUT, "Nothing heard for " + limit.toMillis() + " ms", failure));
                }
            });
            body.next();
        }

        void close() {
            silence.complete(null);
            body.cancel();
        }

        @Override
        public void piece(List<ByteBuffer> bytes) {
            happens(() -> {
                if (link != this) return;
                reading = false;
                silence.complete(null);
                failures = 0;
                try {
                    for (ByteBuffer part : bytes) {
                        for (EventStream.Event event : events.read(part)) {
                            state.take(event);
                            news = true;
                        }
                    }
                } catch (RuntimeException unreadable) {
                    fail(unreadable);
                }
            });
        }

        @Override
        public void end(@Nullable Throwable failure) {
            happens(() -> lost(Reason.BROKEN, "The live query broke off", failure));
        }

        private void lost(Reason reason, String why, @Nullable Throwable cause) {
            if (link != this || over) return;
            link = null;
            close();
            Long retry = events.retryMillis();
            long longest = connection.transport().options().maxRetryDelay().toMillis();
            retryAfter(
                    new TransportException(reason, why, null, cause),
                    retry == null ? null : Duration.ofMillis(Math.min(retry, longest)));
        }
    }
}
