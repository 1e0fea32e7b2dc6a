package dev.basalt.functions.process;

import dev.basalt.functions.runtime.BrokenOffException;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FlowingBody;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.functions.runtime.Outcome.LogLine;
import dev.basalt.functions.runtime.Progress;
import dev.basalt.functions.share.Shares;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.impl.ContextInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One invocation on its way: first waiting, then in a process. Touched by the thread that accepts it, then under its pool's lock
 * or by its instance's event loop, one after the other.
 */
final class Call {
    final String id;
    final Invocation invocation;
    final Progress progress;
    final long acceptedNanos = System.nanoTime();
    final List<LogLine> logs = new ArrayList<>(0);
    boolean cold;
    boolean retried;
    long initMicros;
    long sentNanos;
    int peakKib;
    long cpuMicros;
    /** Where it runs, from the moment that it may. */
    Shares.@Nullable Place place;

    long egressBytes;
    private final ContextInternal context;
    private final Promise<Outcome> promise;
    private @Nullable Promise<Outcome> later;
    private @Nullable FlowingBody flowing;

    /** A call that completes on the caller's context, so that its request goes on where it began. */
    Call(Invocation invocation, Progress progress, ContextInternal context) {
        this.id = invocation
                .context()
                .values()
                .getString("invocation", UUID.randomUUID().toString());
        this.invocation = invocation;
        this.progress = progress;
        this.context = context;
        this.promise = context.promise();
    }

    /** Where its caller goes on. */
    ContextInternal context() {
        return context;
    }

    /** The event loop that accepted it. */
    ContextInternal loop() {
        return context.unwrap();
    }

    Future<Outcome> outcome() {
        return promise.future();
    }

    /** It runs no more, or not yet. */
    void leave() {
        if (place != null) {
            place.leave();
        }
    }

    /** How it came to its end. */
    void finish(Outcome.Result result, long endNanos) {
        leave();
        Outcome outcome = outcome(result, endNanos);
        Promise<Outcome> behind = later;
        FlowingBody body = flowing;
        if (result instanceof Outcome.Result.Failed failed && body != null) {
            body.fail(new BrokenOffException(failed.failure()));
        }
        (behind == null ? promise : behind).tryComplete(outcome);
    }

    /** What it answers while it goes on; {@link #finish} follows. */
    void answer(Outcome.Result result, FlowingBody body) {
        Promise<Outcome> behind = context.promise();
        later = behind;
        flowing = body;
        Outcome outcome = outcome(result, System.nanoTime());
        promise.tryComplete(new Outcome(result, outcome.report(), behind.future()));
    }

    private Outcome outcome(Outcome.Result result, long endNanos) {
        long queueMicros = ((sentNanos == 0 ? endNanos : sentNanos) - acceptedNanos) / 1_000;
        long runMicros = sentNanos == 0 ? 0 : (endNanos - sentNanos) / 1_000;
        return new Outcome(
                result,
                new Outcome.Report(cold, queueMicros, initMicros, runMicros, cpuMicros, peakKib, egressBytes, logs));
    }

    void fail(Failure failure) {
        finish(new Outcome.Result.Failed(failure), System.nanoTime());
    }
}
