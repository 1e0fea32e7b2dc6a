package dev.basalt.functions.invoke;

import dev.basalt.functions.Runtimes;
import dev.basalt.functions.registry.DeployedFunction;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Links;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.functions.tail.LiveTail;
import dev.basalt.kit.request.FunctionUse;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.kit.usage.Service;
import dev.basalt.kit.usage.UsageMeter;
import dev.basalt.kit.usage.UsageRecord;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
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
    private final OpenInvocations open;
    private final InvocationSpans spans;
    private final LiveTail tail;
    private final PlatformCredentials credentials;
    private final ChainCosts costs;
    private final UsageMeter usage;
    private final Counter egress;
    private final MeterRegistry metrics;
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();

    @Inject
    FunctionInvoker(
            Runtimes runtimes,
            InvocationLogbook logbook,
            OpenInvocations open,
            InvocationSpans spans,
            LiveTail tail,
            PlatformCredentials credentials,
            ChainCosts costs,
            UsageMeter usage,
            MeterRegistry metrics) {
        this.runtimes = runtimes;
        this.logbook = logbook;
        this.open = open;
        this.spans = spans;
        this.tail = tail;
        this.credentials = credentials;
        this.costs = costs;
        this.usage = usage;
        this.egress = metrics.counter("basalt.functions.egress");
        this.metrics = metrics;
    }

    /** Accepts one invocation: from now on it has an id and a record. Whoever accepts it runs it. */
    public AcceptedInvocation accept(
            RequestContext context, DeployedFunction function, InvocationKind kind, Origin origin) {
        var now = System.currentTimeMillis();
        var id = InvocationId.next(now);
        return new AcceptedInvocation(
                this, tail, spans.start(id, context, function, kind), id, context, function, kind, origin, now);
    }

    Future<Outcome> run(AcceptedInvocation accepted, Invocation invocation) {
        open.add(accepted);
        var grant = costs.grant(accepted, invocation.timeout());
        accepted.limit(grant.timeout());
        return start(accepted, grant, invocation)
                .map(grant::named)
                // What goes on behind an answer is counted with it, once it has ended.
                .onSuccess(answered -> answered.ended().onSuccess(outcome -> ended(accepted, grant, outcome)))
                .onFailure(defect ->
                        ended(accepted, grant, Outcome.failed(Failure.Kind.INTERNAL, "the function host failed")));
    }

    private Future<Outcome> start(AcceptedInvocation accepted, ChainCosts.Grant grant, Invocation given) {
        if (grant.refusal() != null) {
            return Future.succeededFuture(new Outcome(new Outcome.Result.Failed(grant.refusal()), Outcome.Report.NONE));
        }
        var invocation = grant.timeout().equals(given.timeout()) ? given : given.withTimeout(grant.timeout());
        var function = accepted.function;
        var name = function.manifest().runtime();
        return runtimes.named(name)
                .map(runtime -> runtime.invoke(function.runnable(), invocation, accepted)
                        .map(Outcome::withinBounds)
                        .map(function.redactor()::clean))
                .orElseGet(() -> Future.succeededFuture(
                        Outcome.failed(Failure.Kind.UNAVAILABLE, "runtime " + name + " is not available here")));
    }

    private void ended(AcceptedInvocation accepted, ChainCosts.Grant grant, Outcome end) {
        var outcome = grant.named(end);
        var report = outcome.report();
        var billed = started(report.runMicros());
        var use = new FunctionUse(
                billed,
                billed * accepted.function.manifest().memoryMb(),
                started(report.initMicros()),
                report.cpuMicros(),
                report.egressBytes());
        grant.settle(use.megabyteMillis());
        if (!accepted.context.meter().addFunction(use)) {
            countLate(accepted, outcome, use);
        }
        var turn = Vertx.currentContext();
        if (accepted.kind == InvocationKind.BEFORE && turn != null) {
            // The write that waits for the answer goes first.
            turn.runOnContext(_ -> record(accepted, outcome, use));
        } else {
            record(accepted, outcome, use);
        }
    }

    private void record(AcceptedInvocation accepted, Outcome outcome, FunctionUse use) {
        var report = outcome.report();
        open.remove(accepted);
        if (report.egressBytes() > 0) {
            egress.increment((double) report.egressBytes());
        }
        timer(accepted.kind, outcome).record(report.queueMicros() + report.runMicros(), TimeUnit.MICROSECONDS);
        accepted.tellRest(report);
        logbook.add(InvocationRecord.ended(accepted, outcome, use, logbook.maxLogBytes()));
        var span = accepted.span();
        if (span != null) {
            span.end(outcome);
        }
    }

    /** What went on behind an answer that has been sent and counted is a record of usage by itself. */
    private void countLate(AcceptedInvocation accepted, Outcome outcome, FunctionUse use) {
        var context = accepted.context;
        usage.record(new UsageRecord(
                accepted.acceptedMillis,
                context.project().id(),
                Service.FUNCTIONS,
                "function.background",
                outcome.result() instanceof Outcome.Result.Failed ? 500 : 200,
                outcome.report().runMicros(),
                0,
                0,
                0,
                use,
                context.requestId(),
                context.caller().role().databaseName(),
                ""));
    }

    /** What ties an invocation to the rest of Basalt. */
    public Links links(AcceptedInvocation accepted) {
        // A write holds a connection that functions may need, a function that calls holds its own place.
        var awaited = accepted.kind == InvocationKind.BEFORE || accepted.context.invocation() != null;
        return new Links(credentials.access(accepted), null, -1, null, awaited);
    }

    /** Whether request bodies may flow into the function. */
    boolean streams(DeployedFunction function) {
        return runtimes.named(function.manifest().runtime())
                .filter(runtime -> runtime.streams(function.manifest()))
                .isPresent();
    }

    /** Time that counts, in started milliseconds; what never ran costs nothing. */
    private static long started(long micros) {
        return (micros + 999) / 1000;
    }

    private Timer timer(InvocationKind kind, Outcome outcome) {
        var how = outcome.word();
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
