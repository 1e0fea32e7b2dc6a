package dev.basalt.functions.registry;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import dev.basalt.functions.runtime.Artifact;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.PlatformAccess;
import dev.basalt.kit.caller.Role;
import dev.basalt.kit.caller.TokenIssuer;
import dev.basalt.kit.function.ArtifactFiles;
import dev.basalt.kit.function.ArtifactStore;
import dev.basalt.kit.function.FunctionManifest;
import dev.basalt.kit.project.Project;
import dev.basalt.kit.project.ProjectDirectory;
import dev.basalt.kit.work.Caches;
import dev.basalt.kit.work.Loads;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Finds functions, from memory where it can: a deployment is heard of at once through the project directory. Safe for use
 * by any thread.
 */
@ApplicationScoped
public class FunctionRegistry {
    private static final int MAX_FUNCTIONS = 20_000;
    private static final int MAX_ARTIFACT_BYTES = 64 << 20;
    private static final Duration MAX_AGE = Duration.ofMinutes(5);
    private static final int MAX_FRESH = 100;
    private static final Logger LOG = Logger.getLogger(FunctionRegistry.class);

    private record Key(String ref, String name, Qualifier qualifier) {}

    private final FunctionStore store;
    private final ArtifactStore artifacts;
    private final ProjectDirectory directory;
    private final TokenIssuer issuer;
    private final AsyncCache<Key, Target> functions = Caches.builder()
            .maximumSize(MAX_FUNCTIONS)
            .expireAfterWrite(MAX_AGE)
            .recordStats()
            .buildAsync();
    /** By blob, which never changes. */
    private final AsyncCache<String, ArtifactFiles> files = Caches.builder()
            .maximumWeight(MAX_ARTIFACT_BYTES)
            .weigher((String blob, ArtifactFiles held) -> held.files().values().stream()
                    .mapToInt(content -> content.length())
                    .sum())
            .recordStats()
            .buildAsync();

    /** By the key that signed them; a signature takes longer than the rest of finding a function. What they allow, anybody may. */
    private final Cache<String, String> anonymousKeys = Caches.builder()
            .maximumSize(MAX_FUNCTIONS)
            .expireAfterWrite(Duration.ofDays(1))
            .recordStats()
            .build();

    @Inject
    FunctionRegistry(
            FunctionStore store,
            ArtifactStore artifacts,
            ProjectDirectory directory,
            TokenIssuer issuer,
            MeterRegistry metrics,
            Vertx vertx) {
        this.issuer = issuer;
        this.store = store;
        this.artifacts = artifacts;
        this.directory = directory;
        var bursts = new Bursts(vertx, this::readFresh);
        directory.onChange(ref -> {
            if (functions.asMap().keySet().removeIf(key -> key.ref().equals(ref))) {
                bursts.changed(ref);
            }
        });
        CaffeineCacheMetrics.monitor(metrics, functions.synchronous(), "basalt.functions.registry");
        CaffeineCacheMetrics.monitor(metrics, files.synchronous(), "basalt.functions.artifacts");
        CaffeineCacheMetrics.monitor(metrics, anonymousKeys, "basalt.functions.anonymous_keys");
    }

    /**
     * The function that a name stands for, if there is one: {@code name}, {@code name:alias} or {@code name:version}. Where an alias
     * has a canary, each call draws anew which version it gets.
     */
    public Future<Optional<DeployedFunction>> find(Project project, String name) {
        return target(project, name).map(Target::draw);
    }

    /** As {@link #find}, without drawing: none, one version, or two where there is a canary. */
    public Future<List<DeployedFunction>> versions(Project project, String name) {
        return target(project, name)
                .map(target -> Stream.of(target.main(), target.canary())
                        .flatMap(Optional::stream)
                        .toList());
    }

    private Future<Target> target(Project project, String name) {
        var colon = name.indexOf(':');
        var function = colon < 0 ? name : name.substring(0, colon);
        var qualifier = colon < 0 ? Optional.of(Qualifier.LIVE) : Qualifier.parse(name.substring(colon + 1));
        return !FunctionManifest.isName(function) || qualifier.isEmpty()
                ? Future.succeededFuture(Target.NONE)
                : target(project, function, qualifier.get());
    }

    private Future<Target> target(Project project, String function, Qualifier qualifier) {
        var key = new Key(project.ref(), function, qualifier);
        return Loads.future(functions.get(
                key,
                (absent, executor) -> store.versions(project.id(), List.of(function), qualifier)
                        .map(stored -> target(project, function, stored))
                        .toCompletionStage()
                        .toCompletableFuture()));
    }

    /**
     * Reads what was deployed just now before it is called, in a project whose functions are called here: that is most of what a
     * first call would wait for.
     */
    private void readFresh(String ref) {
        directory
                .byRef(ref)
                .compose(project -> project.isEmpty()
                        ? Future.succeededFuture()
                        : store.fresh(project.get().id(), MAX_FRESH)
                                .onSuccess(names -> readAhead(project.get(), names)))
                .onFailure(failed -> LOG.debugf(failed, "functions of %s are read when they are called", ref));
    }

    /** One query for all. A change in the meantime takes the names out of the cache again, before it has an answer. */
    private void readAhead(Project project, List<String> names) {
        var answer = Promise.<Map<String, List<FunctionStore.Stored>>>promise();
        for (var name : names) {
            var _ = functions.get(
                    new Key(project.ref(), name, Qualifier.LIVE),
                    (absent, executor) -> answer.future()
                            .map(stored -> target(project, name, stored))
                            .toCompletionStage()
                            .toCompletableFuture());
        }
        store.versions(project.id(), names, Qualifier.LIVE)
                .onSuccess(found -> found.values().forEach(versions -> versions.forEach(this::artifact)))
                .onComplete(answer);
    }

    /** What a name stands for: a version, and with a canary another for a part of the calls. */
    private record Target(Optional<DeployedFunction> main, Optional<DeployedFunction> canary, double weight) {
        static final Target NONE = new Target(Optional.empty(), Optional.empty(), 0);

        Optional<DeployedFunction> draw() {
            return canary.isPresent() && ThreadLocalRandom.current().nextDouble() < weight ? canary : main;
        }
    }

    private Target target(Project project, String name, Map<String, List<FunctionStore.Stored>> found) {
        var main = Optional.<DeployedFunction>empty();
        var canary = Optional.<DeployedFunction>empty();
        var weight = 0.0;
        for (var stored : found.getOrDefault(name, List.of())) {
            if (stored.canary()) {
                canary = Optional.of(deployed(project, name, stored));
                weight = stored.weight();
            } else {
                main = Optional.of(deployed(project, name, stored));
            }
        }
        return new Target(main, canary, weight);
    }

    private DeployedFunction deployed(Project project, String name, FunctionStore.Stored stored) {
        var manifest = stored.manifest();
        var environment = manifest.environment().copy();
        stored.secrets().forEach(environment::put);
        if (manifest.runtime().equals("js")) {
            addresses(project).forEach((variable, value) -> {
                if (!environment.containsKey(variable)) {
                    environment.put(variable, value);
                }
            });
        }
        return new DeployedFunction(
                name,
                stored.version(),
                manifest,
                new FunctionVersion(
                        project.id().toString(),
                        name,
                        stored.identity(),
                        manifest,
                        environment,
                        () -> artifact(stored)),
                Redactor.of(stored.secrets().values()));
    }

    /** How a function finds its own project: under our names, and under those that edge functions of Supabase's look for. */
    private Map<String, String> addresses(Project project) {
        var key = anonymousKeys.get(project.currentSigningKey().kid(), absent -> issuer.apiKey(project, Role.ANON));
        return Map.of(
                "BASALT_URL",
                PlatformAccess.ORIGIN,
                "BASALT_ANON_KEY",
                key,
                "SUPABASE_URL",
                PlatformAccess.ORIGIN,
                "SUPABASE_ANON_KEY",
                key);
    }

    private Future<Artifact> artifact(FunctionStore.Stored stored) {
        return Loads.future(files.get(
                        stored.blob(),
                        (blob, executor) ->
                                artifacts.get(blob).toCompletionStage().toCompletableFuture()))
                .map(held -> Artifact.of(stored.manifest().entrypoint(), held));
    }
}
