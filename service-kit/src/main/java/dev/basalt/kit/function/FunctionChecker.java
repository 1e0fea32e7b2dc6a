package dev.basalt.kit.function;

import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The port through which a deployment asks the function host whether files compile. Safe for use by any thread. */
public interface FunctionChecker {
    /**
     * What does not compile.
     *
     * @param line from 1; 0 where unknown
     */
    record BuildFailure(String message, @Nullable String file, int line, int column) {}

    /**
     * Compiles and links the files without running them; empty when they are good. Fails with
     * {@link FunctionError#FUNCTIONS_UNAVAILABLE} where that can't be told now.
     */
    Future<Optional<BuildFailure>> check(FunctionManifest manifest, ArtifactFiles files);
}
