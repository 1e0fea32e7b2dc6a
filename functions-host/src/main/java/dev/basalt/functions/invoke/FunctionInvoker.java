package dev.basalt.functions.invoke;

import dev.basalt.functions.Runtimes;
import dev.basalt.functions.registry.DeployedFunction;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FunctionRuntime;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Links;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.function.Signature;
import dev.basalt.kit.request.RequestContext;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Runs functions, counts what they use on the request they run for and records each run. Safe for use by any thread. */
@ApplicationScoped
public class FunctionInvoker {
    private final Runtimes runtimes;
    private final InvocationLogbook logbook;
    private final PlatformCredentials credentials;
    private final Counter egress;
    private final MeterRegistry metrics;
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();

    @Inject
    FunctionInvoker(
            Runtimes runtimes, InvocationLogbook logbook, PlatformCredentials credentials, MeterRegistry metrics) {
        this.runtimes = runtimes;
        this.logbook = logbook;
        this.credentials = credentials;
        this.egress = metrics.counter("basalt.functions.egress");
        this.metrics = metrics;
    }

    /** Runs one invocation; the cause is what led to it, in the record. */
    public Future<Outcome> invoke(
            RequestContext context,
            DeployedFunction function,
            InvocationKind kind,
            String cause,
            Invocation invocation) {
        var acceptedMillis = System.currentTimeMillis();
        return run(function, invocation)
                // What goes on behind an answer is counted with it, once it has ended.
                .onSuccess(answered -> answered.ended()
                        .onSuccess(outcome -> count(context, function, kind, cause, acceptedMillis, outcome)));
    }

    private void count(
            RequestContext context,
            DeployedFunction function,
            InvocationKind kind,
            String cause,
            long acceptedMillis,
            Outcome outcome) {
        var report = outcome.report();
        var billed = billedMillis(outcome);
        context.meter().addFunction(billed, function.manifest().memoryMb());
        timer(kind, outcome).record(report.queueMicros() + report.runMicros(), TimeUnit.MICROSECONDS);
        if (report.egressBytes() > 0) {
            egress.increment((double) report.egressBytes());
        }
        logbook.add(context, function, kind, cause, acceptedMillis, billed, outcome);
    }

    /** What ties an invocation to the rest of Basalt. */
    public Links links(RequestContext context, DeployedFunction function, InvocationKind kind) {
        return new Links(credentials.access(context, function, kind), null, null);
    }

    private Future<Outcome> run(DeployedFunction function, Invocation invocation) {
        var name = function.manifest().runtime();
        return runtimes.named(name)
                .map(runtime -> runtime.invoke(function.runnable(), invocation).map(function.redactor()::clean))
                .orElseGet(() -> Future.succeededFuture(
                        Outcome.failed(Failure.Kind.UNAVAILABLE, "runtime " + name + " is not available here")));
    }

    /** Whether request bodies may flow into the function. */
    boolean streams(DeployedFunction function) {
        // By other conventions a body is part of the JSON that a handler gets.
        return function.manifest().signature() == Signature.BASALT
                && runtimes.named(function.manifest().runtime())
                        .filter(FunctionRuntime::streams)
                        .isPresent();
    }

    /** The time that counts, in started milliseconds; what never ran costs nothing. */
    public static long billedMillis(Outcome outcome) {
        return (outcome.report().runMicros() + 999) / 1000;
    }

    /** What a handler finds in {@code ctx}. */
    public static JsonObject context(RequestContext context, DeployedFunction function, InvocationKind kind) {
        var caller = new JsonObject().put("role", context.caller().role().databaseName());
        if (context.caller() instanceof Caller.User user) {
            caller.put("id", user.id().toString()).put("claims", user.claims());
        }
        return new JsonObject()
                .put("requestId", context.requestId())
                .put("project", context.project().ref())
                .put("function", function.name())
                .put("version", function.version())
                .put("kind", kind.label())
                .put("depth", context.triggerDepth())
                .put("caller", caller);
    }

    private Timer timer(InvocationKind kind, Outcome outcome) {
        var how = InvocationLogbook.outcome(outcome);
        var start = outcome.report().cold() ? "cold" : "warm";
        return timers.computeIfAbsent(
                kind.label() + how + start,
                absent -> Timer.builder("basalt.functions.invocations")
                        .tag("kind", kind.label())
                        .tag("outcome", how)
                        .tag("start", start)
                        .register(metrics));
    }
}
