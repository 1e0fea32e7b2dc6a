package dev.basalt.functions.invoke;

import dev.basalt.functions.runtime.Outcome;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;

/** The span of one invocation; it holds neither what the function got nor what it answered or threw. */
record InvocationSpan(Span span) {
    /** The W3C trace context of what the function does itself. */
    String traceparent() {
        var context = span.getSpanContext();
        return "00-" + context.getTraceId() + "-" + context.getSpanId() + "-"
                + context.getTraceFlags().asHex();
    }

    void end(Outcome outcome) {
        var word = outcome.word();
        span.setAttribute("faas.coldstart", outcome.report().cold());
        span.setAttribute("basalt.outcome", word);
        span.setAttribute("basalt.cpu_us", outcome.report().cpuMicros());
        if (outcome.result() instanceof Outcome.Result.Failed) {
            span.setStatus(StatusCode.ERROR, word);
        }
        span.end();
    }
}
