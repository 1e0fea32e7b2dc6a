package dev.basalt.functions.runtime;

import dev.basalt.kit.function.ArtifactFiles;
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

    /** The files as they are stored. */
    public static Artifact of(String entrypoint, ArtifactFiles files) {
        return new Artifact(entrypoint, files.files());
    }
}
