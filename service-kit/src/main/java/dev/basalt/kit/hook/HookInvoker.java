package dev.basalt.kit.hook;

import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;

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
}
