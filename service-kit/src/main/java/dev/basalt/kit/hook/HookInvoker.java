package dev.basalt.kit.hook;

import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The port through which a service runs a project's before hooks. Ask {@code Project.triggers} first: most writes have
 * none. Safe for use by any thread.
 */
public interface HookInvoker {
    /**
     * Runs the hooks of one row within their deadlines. A hook that fails is a verdict, not a failed future; the future
     * fails only if the function host itself can't be reached.
     */
    Future<HookVerdict> before(RequestContext context, HookCall call);

    /**
     * Runs the hooks of one row of the platform's own tables, of which they may change some members alone.
     *
     * @return the row as the hooks want it, null for a delete; fails with {@link HookVerdict.Reject} as its error if a hook
     *     refuses, or has changed, added or left out any other member
     */
    default Future<@Nullable JsonObject> shape(RequestContext context, HookCall call, Set<String> changeable) {
        return before(context, call).map(verdict -> switch (verdict) {
            case HookVerdict.Proceed(var shaped) -> {
                var record = call.record();
                if (record != null) {
                    requireSame(record, shaped == null ? new JsonObject() : shaped, changeable);
                }
                yield shaped;
            }
            case HookVerdict.Reject reject -> throw reject.asFailure();
        });
    }

    /** Fails with {@link HookVerdict.Reject} as its error where two objects differ in more than the members named. */
    static void requireSame(JsonObject before, JsonObject after, Set<String> changeable) {
        var names = new TreeSet<>(before.fieldNames());
        names.addAll(after.fieldNames());
        names.removeAll(changeable);
        for (var name : names) {
            // Compared as members, so that 1 and 1.0, which are one to a hook, are one here.
            if (before.containsKey(name) != after.containsKey(name)
                    || !new JsonObject()
                            .put(name, before.getValue(name))
                            .equals(new JsonObject().put(name, after.getValue(name)))) {
                throw HookVerdict.Reject.invalidAnswer("A hook changed '" + name + "', which is not its to change")
                        .asFailure();
            }
        }
    }
}
