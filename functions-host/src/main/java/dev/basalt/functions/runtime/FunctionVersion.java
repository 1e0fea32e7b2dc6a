package dev.basalt.functions.runtime;

import dev.basalt.kit.function.FunctionManifest;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.function.Supplier;

/**
 * One version of a project's function, as a runtime needs it. {@code environment} must not be modified.
 *
 * @param project the project's id: functions of one project may share a process, those of two never do
 * @param version changes with the artifact and with anything else that makes old instances wrong
 * @param environment the manifest's and the values of the secrets that it lists
 * @param artifact fetches the files; asked only when an instance is made
 */
public record FunctionVersion(
        String project,
        String name,
        String version,
        FunctionManifest manifest,
        JsonObject environment,
        Supplier<Future<Artifact>> artifact) {
    /** How many invocations one instance runs at a time. */
    public int concurrency() {
        return manifest.scaling().concurrency().orElse(1);
    }

    /** Whether it may have the rights of the project's server. */
    public boolean grantedService() {
        return manifest.grants().service();
    }

    /** Whether its egress list names this. */
    public boolean mayCall(String host, int port) {
        return manifest.egress().stream().anyMatch(rule -> rule.allows(host, port));
    }

    /** Without the environment, which holds secrets. */
    @Override
    public String toString() {
        return project + "/" + name + "@" + version;
    }
}
