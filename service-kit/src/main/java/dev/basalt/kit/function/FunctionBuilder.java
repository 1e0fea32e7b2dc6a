package dev.basalt.kit.function;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * The port through which a deployment has the function host make what runs of what was uploaded. Safe for use by any thread.
 */
public interface FunctionBuilder {
    /** How a build ended. */
    sealed interface Build {
        /** What runs: the same source makes the same files. */
        record Done(String entrypoint, ArtifactFiles files) implements Build {}

        /**
         * What does not compile, or what the host does not offer.
         *
         * @param file the source's, where one is to blame
         * @param line from 1; 0 where unknown
         * @param column from 1; 0 where unknown
         */
        record Failed(String message, @Nullable String file, int line, int column) implements Build {}
    }

    /**
     * Bundles the source where its runtime needs that, compiles and links it without running it. Fails with
     * {@link FunctionError#FUNCTIONS_UNAVAILABLE} where that can't be done now, {@link FunctionError#ARTIFACT_TOO_LARGE} when
     * more comes out than the runtime takes.
     */
    Future<Build> build(FunctionManifest manifest, ArtifactFiles source);
}
