package dev.basalt.functions.invoke;

import dev.basalt.functions.Runtimes;
import dev.basalt.functions.registry.DeployedFunction;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.request.RequestContext;
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
    private final MeterRegistry metrics;
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();

    @Inject
    FunctionInvoker(Runtimes runtimes, InvocationLogbook logbook, MeterRegistry metrics) {
        this.runtimes = runtimes;
        this.logbook = logbook;
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
        return run(function, invocation).onSuccess(outcome -> {
            var report = outcome.report();
            var billed = billedMillis(outcome);
            context.meter().addFunction(billed, function.manifest().memoryMb());
            timer(kind, outcome).record(report.queueMicros() + report.runMicros(), TimeUnit.MICROSECONDS);
            logbook.add(context, function, kind, cause, acceptedMillis, billed, outcome);
        });
    }

    private Future<Outcome> run(DeployedFunction function, Invocation invocation) {
        var name = function.manifest().runtime();
        return runtimes.named(name)
                .map(runtime -> runtime.invoke(function.runnable(), invocation).map(function.redactor()::clean))
                .orElseGet(() -> Future.succeededFuture(
                        Outcome.failed(Failure.Kind.UNAVAILABLE, "runtime " + name + " is not available here")));
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
