package dev.basalt.functions.registry;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.basalt.functions.runtime.Artifact;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.kit.function.ArtifactFiles;
import dev.basalt.kit.function.ArtifactStore;
import dev.basalt.kit.function.FunctionManifest;
import dev.basalt.kit.project.Project;
import dev.basalt.kit.project.ProjectDirectory;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import io.vertx.core.Future;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;

/**
 * Finds functions, from memory where it can: a deployment is heard of at once through the project directory. Safe for use
 * by any thread.
 */
@ApplicationScoped
public class FunctionRegistry {
    private static final int MAX_FUNCTIONS = 20_000;
    private static final int MAX_ARTIFACT_BYTES = 64 << 20;
    private static final Duration MAX_AGE = Duration.ofMinutes(5);

    private record Key(String ref, String name) {}

    private final FunctionStore store;
    private final ArtifactStore artifacts;
    private final AsyncCache<Key, Optional<DeployedFunction>> functions = Caffeine.newBuilder()
            .maximumSize(MAX_FUNCTIONS)
            .expireAfterWrite(MAX_AGE)
            .recordStats()
            .buildAsync();
    /** By blob, which never changes. */
    private final AsyncCache<String, ArtifactFiles> files = Caffeine.newBuilder()
            .maximumWeight(MAX_ARTIFACT_BYTES)
            .weigher((String blob, ArtifactFiles held) -> held.files().values().stream()
                    .mapToInt(content -> content.length())
                    .sum())
            .recordStats()
            .buildAsync();

    @Inject
    FunctionRegistry(FunctionStore store, ArtifactStore artifacts, ProjectDirectory directory, MeterRegistry metrics) {
        this.store = store;
        this.artifacts = artifacts;
        directory.onChange(ref -> functions
                .synchronous()
                .asMap()
                .keySet()
                .removeIf(key -> key.ref().equals(ref)));
        CaffeineCacheMetrics.monitor(metrics, functions.synchronous(), "basalt.functions.registry");
        CaffeineCacheMetrics.monitor(metrics, files.synchronous(), "basalt.functions.artifacts");
    }

    /** The project's function of this name, if there is one. */
    public Future<Optional<DeployedFunction>> find(Project project, String name) {
        if (!FunctionManifest.isName(name)) {
            return Future.succeededFuture(Optional.empty());
        }
        var key = new Key(project.ref(), name);
        var known = functions.getIfPresent(key);
        if (known != null && known.isDone() && !known.isCompletedExceptionally()) {
            return Future.succeededFuture(known.join());
        }
        return Future.fromCompletionStage(functions.get(
                key,
                (absent, executor) -> store.current(project.id(), name)
                        .map(stored -> stored.map(found -> deployed(project, name, found)))
                        .toCompletionStage()
                        .toCompletableFuture()));
    }

    private DeployedFunction deployed(Project project, String name, FunctionStore.Stored stored) {
        var manifest = stored.manifest();
        return new DeployedFunction(
                name,
                stored.version(),
                manifest,
                new FunctionVersion(
                        project.id().toString(),
                        name,
                        stored.version() + "-" + stored.digest(),
                        manifest,
                        manifest.environment(),
                        () -> artifact(stored)));
    }

    private Future<Artifact> artifact(FunctionStore.Stored stored) {
        return Future.fromCompletionStage(files.get(
                        stored.blob(),
                        (blob, executor) ->
                                artifacts.get(blob).toCompletionStage().toCompletableFuture()))
                .map(held -> new Artifact(stored.manifest().entrypoint(), held.files()));
    }
}
