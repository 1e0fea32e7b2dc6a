package dev.basalt.functions.registry;

import dev.basalt.functions.Runtimes;
import dev.basalt.functions.runtime.Artifact;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.function.ArtifactFiles;
import dev.basalt.kit.function.FunctionChecker;
import dev.basalt.kit.function.FunctionError;
import dev.basalt.kit.function.FunctionManifest;
import io.vertx.core.Future;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/** Checks a function's files by the runtime it is for, in a worker of its own. Safe for use by any thread. */
@ApplicationScoped
public class RuntimeChecker implements FunctionChecker {
    private final Runtimes runtimes;

    @Inject
    RuntimeChecker(Runtimes runtimes) {
        this.runtimes = runtimes;
    }

    @Override
    public Future<Optional<BuildFailure>> check(FunctionManifest manifest, ArtifactFiles files) {
        var runtime = runtimes.named(manifest.runtime());
        if (runtime.isEmpty()) {
            return Future.succeededFuture(Optional.of(
                    new BuildFailure("runtime " + manifest.runtime() + " is not available here", null, 0, 0)));
        }
        if (!manifest.entrypoint().isEmpty() && !files.files().containsKey(manifest.entrypoint())) {
            return Future.succeededFuture(Optional.of(
                    new BuildFailure("there is no file " + manifest.entrypoint(), manifest.entrypoint(), 0, 0)));
        }
        return runtime.get()
                .check(manifest, new Artifact(manifest.entrypoint(), files.files()))
                .map(failure -> failure.map(RuntimeChecker::asBuildFailure));
    }

    private static BuildFailure asBuildFailure(Failure failure) {
        return switch (failure.kind()) {
            case UNAVAILABLE, OVERLOADED ->
                throw ApiException.caused(
                        FunctionError.FUNCTIONS_UNAVAILABLE, new IllegalStateException(failure.message()));
            default ->
                new BuildFailure(
                        failure.name() + ": " + failure.message(), failure.file(), failure.line(), failure.column());
        };
    }
}
