package dev.basalt.functions.process;

import dev.basalt.functions.egress.EgressProxy;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FlowingBody;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.functions.runtime.Outcome.Result;
import dev.basalt.functions.sandbox.Usage;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.impl.ContextInternal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One process of a function. Its pool gives it no more calls than it takes at a time and hears of the end of each, of its being
 * ready, and once of its end. Everything else happens on one event loop; {@link #start}, {@link #run} and {@link #stop} are
 * thread-safe.
 */
final class Instance implements Channel.Listener {
    private static final Logger LOG = Logger.getLogger(Instance.class);
    private static final int SIGNALLED = 128;

    private final String name;
    private final ProcessPool pool;
    private final ProcessEngine engine;
    private final ContextInternal context;
    private final Map<Call, Long> running = new HashMap<>();
    private final long startNanos = System.nanoTime();
    private @Nullable Channel channel;
    private @Nullable EgressProxy wayOut;
    private @Nullable Usage usage;
    private long cpuMicros;
    private @Nullable Output output;
    private @Nullable Failure refusal;
    private long initTimer = -1;
    private long initMicros;
    private List<Outcome.LogLine> initLogs = List.of();
    private boolean gone;
    private volatile @Nullable Process process;
    private volatile boolean stopped;

    /** How many calls it runs; the pool's, under its lock. */
    int busy;
    /** Whether it takes calls; the pool's, under its lock. */
    boolean ready;
    /** Whether it is to be ended and takes no more calls; the pool's, under its lock. */
    boolean leaving;
    /** Since when it runs none; the pool's, under its lock. */
    long idleSince;

    Instance(String name, ProcessPool pool, ProcessEngine engine, ContextInternal context) {
        this.name = name;
        this.pool = pool;
        this.engine = engine;
        this.context = context;
    }

    /** Starts the process; how that ends the pool hears. */
    void start(Future<Prepared> prepared) {
        prepared.onComplete(done -> context.runOnContext(on -> {
            if (done.failed()) {
                refusal = refusal(done.cause());
                end();
            } else {
                open(done.result());
            }
        }));
    }

    private static Failure refusal(Throwable cause) {
        if (cause instanceof Launches.UnsupportedException) {
            return Failure.of(Failure.Kind.COMPILE, String.valueOf(cause.getMessage()));
        }
        LOG.error("a function's files could not be laid out", cause);
        return Failure.of(Failure.Kind.UNAVAILABLE, "the function's files could not be laid out");
    }

    private void open(Prepared prepared) {
        this.<Void>here(engine.blocking(() -> engine.place().make(name)))
                .compose(made -> {
                    Channel opening = engine.channel(name, pool.function(), prepared, context, this);
                    channel = opening;
                    return opening.open().map(opening);
                })
                .compose(opened -> openWayOut().map(opened))
                .compose(opened -> this.<Process>here(engine.spawning(() -> engine.place()
                        .command(name, pool.function(), prepared, opened.port())
                        .start(builder -> builder))))
                .onSuccess(this::started)
                .onFailure(failure -> {
                    LOG.error("a function's process could not be started", failure);
                    refusal = Failure.of(Failure.Kind.UNAVAILABLE, "no process could be started");
                    end();
                });
    }

    private Future<Void> openWayOut() {
        EgressProxy opening = engine.wayOut(name, pool.function(), context).orElse(null);
        wayOut = opening;
        return opening == null ? Future.succeededFuture() : opening.open();
    }

    /** What is done elsewhere and goes on here: servers belong to the event loop on which they are made. */
    private <T> Future<T> here(Handler<Promise<T>> work) {
        Promise<T> promise = context.promise();
        work.handle(promise);
        return promise.future();
    }

    private void started(Process spawned) {
        process = spawned;
        usage = engine.place().usage(name);
        Output reading = new Output(spawned.getInputStream(), engine.config().maxLogBytes());
        output = reading;
        engine.listen(reading);
        initTimer = context.setTimer(engine.config().initTimeout().toMillis(), due -> {
            refusal = Failure.of(Failure.Kind.TIMEOUT, "the process did not take invocations in time after its start");
            stop();
        });
        Future.fromCompletionStage(spawned.onExit(), context).onSuccess(exited -> exited(exited.exitValue()));
        if (stopped) {
            kill(spawned);
        } else if (channel != null) {
            channel.started();
        }
    }

    @Override
    public void ready() {
        context.owner().cancelTimer(initTimer);
        initMicros = (System.nanoTime() - startNanos) / 1_000;
        if (output != null) {
            output.look();
            initLogs = output.take();
        }
        pool.ready(this);
    }

    @Override
    public void refused(Failure failure) {
        refusal = failure;
        stop();
    }

    /** Runs a call; its end is heard by the pool as well. */
    void run(Call call) {
        context.execute(() -> {
            if (gone || channel == null) {
                pool.again(call);
                return;
            }
            if (call.cold) {
                call.initMicros = initMicros;
                // What making it took is not the call's.
                cpuMicros = usage == null ? 0 : usage.cpuMicros();
            }
            call.logs.addAll(initLogs);
            initLogs = List.of();
            long timer = context.setTimer(
                    Math.max(1, call.invocation.timeout().toMillis()),
                    due -> answered(
                            call,
                            new Result.Failed(Failure.of(
                                    Failure.Kind.TIMEOUT,
                                    "the handler ran longer than "
                                            + call.invocation.timeout().toMillis() + " ms"))));
            running.put(call, timer);
            channel.run(call);
        });
    }

    @Override
    public boolean flows(Call call, Result answer, FlowingBody body) {
        boolean runs = running.containsKey(call);
        if (runs) {
            call.answer(answer, body);
        }
        return runs;
    }

    @Override
    public void answered(Call call, Result result) {
        Long timer = running.remove(call);
        if (timer == null) {
            return;
        }
        context.owner().cancelTimer(timer);
        if (result instanceof Result.Failed(Failure failure) && failure.kind() == Failure.Kind.TIMEOUT) {
            // Nothing but its end stops what a process does.
            stop();
        }
        long endNanos = System.nanoTime();
        measure(call);
        // First free, then answered: a caller that comes again at once finds the process it had.
        pool.released(this);
        call.finish(result, endNanos);
    }

    private void measure(Call call) {
        if (wayOut != null) {
            call.egressBytes = wayOut.take();
        }
        if (output != null) {
            output.look();
            call.logs.addAll(output.take());
        }
        if (usage != null) {
            call.peakKib = usage.peakKib();
            long now = usage.cpuMicros();
            call.cpuMicros = Math.max(0, now - cpuMicros);
            cpuMicros = now;
        }
    }

    /** Ends the process. */
    void stop() {
        stopped = true;
        Process started = process;
        if (started != null) {
            kill(started);
        }
    }

    /** Whether it is on its way out. */
    boolean stopped() {
        return stopped;
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private void exited(int code) {
        if (output != null) {
            engine.forget(output);
            output.finish();
        }
        Failure failure = refusal != null ? refusal : failure(code);
        refusal = failure;
        List<Call> lost = new ArrayList<>(running.keySet());
        for (Call call : lost) {
            Long timer = running.remove(call);
            if (timer != null) {
                context.owner().cancelTimer(timer);
            }
            if (call.sentNanos == 0) {
                // The process never saw it.
                pool.again(call);
            } else {
                measure(call);
                call.fail(failure);
            }
        }
        end();
    }

    private Failure failure(int code) {
        if (usage != null && usage.outOfMemory()) {
            return Failure.of(Failure.Kind.MEMORY, "the process used more memory than its function may");
        }
        String how = code > SIGNALLED ? "was ended by signal " + (code - SIGNALLED) : "exited with code " + code;
        String said = output == null ? "" : output.lastLines();
        return new Failure(Failure.Kind.CRASHED, "Runtime.ExitError", "the process " + how, said, null, 0, 0);
    }

    private void end() {
        gone = true;
        stopped = true;
        context.owner().cancelTimer(initTimer);
        if (channel != null) {
            channel.close();
        }
        if (wayOut != null) {
            wayOut.close();
        }
        if (usage != null) {
            try {
                usage.close();
            } catch (IOException e) {
                LOG.debug("closing counters", e);
            }
        }
        List<Outcome.LogLine> logs = new ArrayList<>(initLogs);
        if (output != null) {
            logs.addAll(output.take());
        }
        Failure why = refusal == null ? Failure.of(Failure.Kind.CRASHED, "the process ended") : refusal;
        var _ = Thread.ofVirtual().start(() -> engine.place().clear(name));
        pool.lost(this, why, logs, (System.nanoTime() - startNanos) / 1_000);
    }
}
