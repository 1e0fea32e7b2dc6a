package dev.basalt.kit.request;

import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.project.Project;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One request of one project: passed to whatever works for it. Immutable but for its meter.
 *
 * @param requestId comes in by {@code x-request-id} or is made; on every log line and in the answer
 * @param triggerDepth how many events led to this request; 0 for a person's own
 * @param chain what this request belongs to, if a function made it
 */
public record RequestContext(
        String requestId,
        Project project,
        Caller caller,
        RequestInfo info,
        RequestMeter meter,
        int triggerDepth,
        @Nullable Chain chain) {
    /** A request that no function made. */
    public RequestContext(
            String requestId, Project project, Caller caller, RequestInfo info, RequestMeter meter, int triggerDepth) {
        this(requestId, project, caller, info, meter, triggerDepth, null);
    }

    /** The invocation of a function that made this request, if one did. */
    public @Nullable UUID invocation() {
        return chain == null ? null : chain.invocation();
    }

    /** This request acting as somebody else, for a service's own work within it. */
    public RequestContext as(Caller other) {
        return new RequestContext(requestId, project, other, info, meter, triggerDepth, chain);
    }

    /** A request within this one. */
    public RequestContext part(RequestInfo partInfo) {
        return new RequestContext(requestId, project, caller, partInfo, meter, triggerDepth, chain);
    }

    /** Work of the platform for a project that no HTTP request asked for. */
    public static RequestContext internal(String requestId, Project project, int triggerDepth) {
        return new RequestContext(
                requestId, project, new Caller.Service(), RequestInfo.NONE, new RequestMeter(), triggerDepth);
    }
}
