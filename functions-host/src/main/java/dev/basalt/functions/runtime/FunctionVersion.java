package dev.basalt.functions.runtime;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.function.Supplier;

/**
 * One version of a project's function, as a runtime needs it. {@code environment} must not be modified.
 *
 * @param project the project's ref: functions of one project may share a process, those of two never do
 * @param version changes with the artifact and with anything else that makes old instances wrong
 * @param memoryMb what one instance may use
 * @param artifact fetches the files; asked only when an instance is made
 */
public record FunctionVersion(
        String project,
        String name,
        String version,
        int memoryMb,
        JsonObject environment,
        Supplier<Future<Artifact>> artifact) {
    /** How many invocations one instance runs at a time. */
    public int concurrency() {
        return 1;
    }

    /** Whether it may have the rights of the project's server. */
    public boolean grantedService() {
        return false;
    }

    /** Whether its egress list names this. */
    public boolean mayCall(String host, int port) {
        return false;
    }
}
