package dev.basalt.functions.runtime;

import io.vertx.core.buffer.Buffer;
import java.util.Map;

/**
 * The files of one version of a function. Immutable; the buffers must not be modified.
 *
 * @param entrypoint the path of the file that exports the handlers
 * @param files content by path; paths are relative, with forward slashes and without dots
 */
public record Artifact(String entrypoint, Map<String, Buffer> files) {
    public Artifact {
        files = Map.copyOf(files);
    }
}
