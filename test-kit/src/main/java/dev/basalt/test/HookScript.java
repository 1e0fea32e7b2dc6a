package dev.basalt.test;

import dev.basalt.kit.hook.HookCall;
import dev.basalt.kit.hook.HookInvoker;
import dev.basalt.kit.hook.HookVerdict;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A function host whose functions are Java: it answers later, on an event loop, as the real one does. Safe for use by any
 * thread.
 */
public abstract class HookScript implements HookInvoker {
    private final Vertx vertx;
    private final Queue<HookCall> calls = new ConcurrentLinkedQueue<>();
    private final Queue<RequestContext> contexts = new ConcurrentLinkedQueue<>();
    private volatile Function<HookCall, HookVerdict> script = call -> new HookVerdict.Proceed(call.record());

    protected HookScript(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Sets what answers from now on, and forgets the calls so far. */
    public void script(Function<HookCall, HookVerdict> next) {
        script = next;
        calls.clear();
        contexts.clear();
    }

    public Queue<HookCall> calls() {
        return calls;
    }

    /** In whose name each call was made. */
    public Queue<RequestContext> contexts() {
        return contexts;
    }

    @Override
    public Future<HookVerdict> before(RequestContext context, HookCall call) {
        calls.add(call);
        contexts.add(context);
        return vertx.timer(1).map(_ -> script.apply(copied(call)));
    }

    /** As the functions get it: as JSON, whose numbers are doubles. */
    private static HookCall copied(HookCall call) {
        return new HookCall(
                call.triggers(),
                call.operation(),
                call.schema(),
                call.table(),
                copied(call.record()),
                copied(call.oldRecord()));
    }

    private static @Nullable JsonObject copied(@Nullable JsonObject row) {
        return row == null ? null : new JsonObject(row.encode());
    }
}
