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
    /** Without the environment, which holds secrets. */
    @Override
    public String toString() {
        return project + "/" + name + "@" + version;
    }
}
