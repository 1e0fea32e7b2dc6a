package dev.basalt.functions.invoke;

import dev.basalt.functions.registry.DeployedFunction;
import dev.basalt.kit.lifecycle.BasaltConfig;
import dev.basalt.kit.request.RequestContext;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.SpanKind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes a span of each invocation, a child of the caller's, in the words of OpenTelemetry's conventions for functions as a
 * service; nothing where telemetry is off. Safe for use by any thread.
 */
@ApplicationScoped
class InvocationSpans {
    private final boolean off;
    private final OpenTelemetry telemetry;

    @Inject
    InvocationSpans(BasaltConfig config, OpenTelemetry telemetry) {
        this.off = config.telemetryDisabled();
        this.telemetry = telemetry;
    }

    @Nullable
    InvocationSpan start(UUID id, RequestContext context, DeployedFunction function, InvocationKind kind) {
        if (off) {
            return null;
        }
        return new InvocationSpan(telemetry
                .getTracer("dev.basalt.functions")
                .spanBuilder("function " + function.name())
                .setSpanKind(SpanKind.INTERNAL)
                .setAttribute("faas.name", function.name())
                .setAttribute("faas.version", Integer.toString(function.version()))
                .setAttribute("faas.invocation_id", id.toString())
                .setAttribute("faas.trigger", kind == InvocationKind.HTTP ? "http" : "other")
                .setAttribute("basalt.kind", kind.label())
                .setAttribute("basalt.project", context.project().ref())
                .setAttribute("basalt.request_id", context.requestId())
                .setAttribute("basalt.depth", context.triggerDepth())
                .startSpan());
    }
}
