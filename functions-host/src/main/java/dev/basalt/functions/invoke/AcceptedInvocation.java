package dev.basalt.functions.invoke;

import dev.basalt.functions.registry.DeployedFunction;
import dev.basalt.functions.runtime.HandlerContext;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.functions.runtime.Outcome.LogLine;
import dev.basalt.functions.runtime.Progress;
import dev.basalt.functions.tail.LiveTail;
import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One invocation from its acceptance to its end: on record all the while, whoever looks. {@link #run} is called once. Safe for
 * use by any thread.
 */
public final class AcceptedInvocation implements Progress {
    /** How far it is. */
    enum State {
        PENDING,
        RUNNING
    }

    private final FunctionInvoker invoker;
    private final LiveTail tail;
    private final @Nullable InvocationSpan span;
    final UUID id;
    final RequestContext context;
    final DeployedFunction function;
    final InvocationKind kind;
    final Origin origin;
    final long acceptedMillis;
    /** What its record says of it before its end; null while there is none. */
    volatile @Nullable State written;

    private volatile State state = State.PENDING;
    private volatile Duration timeout = Duration.ZERO;
    private volatile long startedMillis;
    private int told;

    AcceptedInvocation(
            FunctionInvoker invoker,
            LiveTail tail,
            @Nullable InvocationSpan span,
            UUID id,
            RequestContext context,
            DeployedFunction function,
            InvocationKind kind,
            Origin origin,
            long acceptedMillis) {
        this.invoker = invoker;
        this.tail = tail;
        this.span = span;
        this.id = id;
        this.context = context;
        this.function = function;
        this.kind = kind;
        this.origin = origin;
        this.acceptedMillis = acceptedMillis;
    }

    /** The id under which its record is found. */
    public UUID id() {
        return id;
    }

    /** The W3C {@code traceparent} by which the function's own calls join the caller's trace; nothing without telemetry. */
    public Optional<String> traceparent() {
        return span == null ? Optional.empty() : Optional.of(span.traceparent());
    }

    /** What its handler finds in {@code ctx}. */
    public HandlerContext handlerContext() {
        var handed = new JsonObject()
                .put("requestId", context.requestId())
                .put("invocation", id.toString())
                .put("project", context.project().ref())
                .put("function", function.name())
                .put("version", function.version())
                .put("kind", kind.label())
                .put("depth", context.triggerDepth());
        traceparent().ifPresent(parent -> handed.put("traceparent", parent));
        return new HandlerContext(handed, json(context.caller()));
    }

    private static String json(Caller caller) {
        var role = "{\"role\":\"" + caller.role().databaseName() + '"';
        return caller instanceof Caller.User user
                ? role + ",\"id\":\"" + user.id() + "\",\"claims\":" + user.claimsJson() + '}'
                : role + '}';
    }

    /** Runs it; what it took is counted on the request that it was accepted for. */
    public Future<Outcome> run(Invocation invocation) {
        return invoker.run(this, invocation);
    }

    State state() {
        return state;
    }

    @Nullable
    InvocationSpan span() {
        return span;
    }

    /** Says what it may run, before it does. */
    void limit(Duration limit) {
        timeout = limit;
    }

    /** When it will have ended, in milliseconds since 1970; of one that runs. */
    long deadline() {
        return startedMillis + timeout.toMillis();
    }

    @Override
    public void started() {
        startedMillis = System.currentTimeMillis();
        state = State.RUNNING;
    }

    @Override
    public synchronized void printed(List<LogLine> lines) {
        told += lines.size();
        if (!lines.isEmpty() && tail.follows(context.project().id())) {
            var redactor = function.redactor();
            var first = lines.getFirst().millis();
            tell(
                    System.currentTimeMillis() - first,
                    lines.stream()
                            .map(line -> new LogLine(line.millis(), line.level(), redactor.clean(line.text())))
                            .toList());
        }
    }

    /** Tells the followers what they have not heard of an invocation that has ended; the lines are clean. */
    synchronized void tellRest(Outcome.Report report) {
        var lines = report.logs();
        if (told < lines.size() && tail.follows(context.project().id())) {
            tell(acceptedMillis + report.queueMicros() / 1000, lines.subList(told, lines.size()));
            told = lines.size();
        }
    }

    private void tell(long startMillis, List<LogLine> lines) {
        tail.printed(context.project().id(), function.name(), id, startMillis, lines);
    }
}
