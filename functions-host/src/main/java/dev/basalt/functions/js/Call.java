package dev.basalt.functions.js;

import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.functions.runtime.Outcome.LogLine;
import dev.basalt.functions.runtime.Progress;
import dev.basalt.functions.share.Shares;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.impl.ContextInternal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One invocation on its way: first waiting, then on an instance. Touched by the thread that accepts it, then under its
 * function's lock or by its instance's event loop, one after the other.
 */
final class Call {
    final Invocation invocation;
    final Progress progress;
    final long acceptedNanos = System.nanoTime();
    final List<LogLine> logs = new ArrayList<>(0);
    boolean cold;
    long initMicros;
    /** When it began to wait for an instance, the last time. */
    long queuedNanos = acceptedNanos;
    /** When it went to its instance, which may be before it runs. */
    long sentNanos;
    /** When it had its instance for itself, as far as it has one. */
    long startedNanos;

    private final ContextInternal context;
    private final Promise<Outcome> promise;
    private @Nullable Promise<Outcome> later;
    private Outcome.@Nullable Result answered;

    @Nullable
    RunStreams streams;

    /** Where it runs, from the moment that it may; one that was sent behind another gets that one's. */
    Shares.@Nullable Place place;

    /** A call that completes on the caller's context, so that its request goes on where it began. */
    Call(Invocation invocation, Progress progress, ContextInternal context) {
        this.invocation = invocation;
        this.progress = progress;
        this.context = context;
        this.promise = context.promise();
    }

    ContextInternal context() {
        return context;
    }

    EventLoop loop() {
        return context.nettyEventLoop();
    }

    Future<Outcome> outcome() {
        return promise.future();
    }

    /** How it came to its end. */
    void finish(Outcome.Result result, long runMicros, long cpuMicros, int peakKib) {
        if (place != null) {
            place.leave();
        }
        Outcome outcome = new Outcome(result, report(runMicros, cpuMicros, peakKib));
        Promise<Outcome> behind = later;
        if (behind == null) {
            promise.tryComplete(outcome);
        } else {
            behind.tryComplete(outcome);
        }
    }

    /** What it answered, where it goes on behind that; {@link #finish} follows. */
    void answer(Outcome.Result result, long runMicros, long cpuMicros, int peakKib) {
        Promise<Outcome> behind = context.promise();
        later = behind;
        answered = result;
        promise.tryComplete(new Outcome(result, report(runMicros, cpuMicros, peakKib), behind.future()));
    }

    /** What has been answered already, if anything. */
    Outcome.@Nullable Result answered() {
        return answered;
    }

    private Outcome.Report report(long runMicros, long cpuMicros, int peakKib) {
        long queueMicros = startedNanos == 0 ? 0 : (startedNanos - acceptedNanos) / 1_000;
        // What a worker says is a stranger's word: one thread can't have used more than the time that has passed here,
        // and it may have begun before the end of the call before it was read.
        long passed = sentNanos == 0 ? 0 : (System.nanoTime() - sentNanos) / 1_000;
        RunStreams used = streams;
        return new Outcome.Report(
                cold,
                queueMicros,
                initMicros,
                runMicros,
                Math.clamp(cpuMicros, 0, passed),
                peakKib,
                used == null ? 0 : used.bytes(),
                logs);
    }

    void fail(Failure failure) {
        long runMicros = startedNanos == 0 ? 0 : (System.nanoTime() - startedNanos) / 1_000;
        finish(new Outcome.Result.Failed(failure), runMicros, 0, 0);
    }
}
