package dev.basalt.data.rest;

import dev.basalt.kit.event.EventSink;
import dev.basalt.kit.hook.HookCall;
import dev.basalt.kit.hook.HookInvoker;
import dev.basalt.kit.hook.HookVerdict;
import dev.basalt.kit.project.Project;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/** A function host whose functions are Java: it answers later, on an event loop, as the real one does. */
@ApplicationScoped
public class ScriptedHooks implements HookInvoker, EventSink {
    private final Vertx vertx;
    private final Queue<HookCall> calls = new ConcurrentLinkedQueue<>();
    private final Queue<String> nudges = new ConcurrentLinkedQueue<>();
    private volatile Function<HookCall, HookVerdict> script = call -> new HookVerdict.Proceed(call.record());

    @Inject
    ScriptedHooks(Vertx vertx) {
        this.vertx = vertx;
    }

    public void script(Function<HookCall, HookVerdict> next) {
        script = next;
        calls.clear();
        nudges.clear();
    }

    public Queue<HookCall> calls() {
        return calls;
    }

    public Queue<String> nudges() {
        return nudges;
    }

    @Override
    public Future<HookVerdict> before(RequestContext context, HookCall call) {
        calls.add(call);
        return vertx.timer(1).map(_ -> script.apply(doubles(call)));
    }

    @Override
    public void nudge(Project project) {
        nudges.add(project.ref());
    }

    /** What JavaScript would have seen: numbers are doubles. */
    private static HookCall doubles(HookCall call) {
        var record = call.record();
        return new HookCall(
                call.triggers(),
                call.operation(),
                call.schema(),
                call.table(),
                record == null ? null : new JsonObject(record.encode()),
                call.oldRecord());
    }
}
