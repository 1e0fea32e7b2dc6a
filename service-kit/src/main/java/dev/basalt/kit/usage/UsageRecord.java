package dev.basalt.kit.usage;

import dev.basalt.kit.request.FunctionUse;
import java.util.UUID;

/**
 * One finished request or invocation: the unit of metering and of the request log.
 *
 * @param atMillis when it began, milliseconds since the epoch
 * @param operation a name of low cardinality within the service
 * @param status the HTTP status of the answer
 * @param function what functions took for it
 * @param role the database role it acted as
 * @param client what the client says it is, from {@code X-Client-Info} or {@code User-Agent}; may be empty
 */
public record UsageRecord(
        long atMillis,
        UUID projectId,
        Service service,
        String operation,
        int status,
        long durationMicros,
        long databaseMicros,
        long bytesIn,
        long bytesOut,
        FunctionUse function,
        String requestId,
        String role,
        String client) {}
