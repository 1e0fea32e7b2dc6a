package dev.basalt.functions.invoke;

import dev.basalt.functions.Runtimes;
import dev.basalt.functions.registry.Bursts;
import dev.basalt.functions.registry.DeployedFunction;
import dev.basalt.functions.registry.FunctionRegistry;
import dev.basalt.functions.registry.FunctionStore;
import dev.basalt.functions.registry.FunctionStore.Kept;
import dev.basalt.kit.project.ProjectDirectory;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Has runtimes keep the instances that {@code minInstances} asks for: at this host's start and when something was deployed, without
 * a call. Where no function asks for any, no runtime is made. Safe for use by any thread.
 */
@ApplicationScoped
class KeptInstances {
    private static final Logger LOG = Logger.getLogger(KeptInstances.class);
    private static final long RETRY_MILLIS = 10_000;
    private static final String ALL = "";

    private final Runtimes runtimes;
    private final FunctionStore store;
    private final FunctionRegistry registry;
    private final ProjectDirectory projects;
    private final Bursts bursts;

    @Inject
    KeptInstances(
            Vertx vertx, Runtimes runtimes, FunctionStore store, FunctionRegistry registry, ProjectDirectory projects) {
        this.runtimes = runtimes;
        this.store = store;
        this.registry = registry;
        this.projects = projects;
        this.bursts = new Bursts(vertx, this::look);
    }

    void start(@Observes StartupEvent started) {
        projects.onChange(bursts::changed);
        bursts.changed(ALL);
    }

    private void look(String ref) {
        @Nullable String one = ref.equals(ALL) ? null : ref;
        store.keeping(one).onSuccess(kept -> kept.forEach(this::keep)).onFailure(failed -> {
            LOG.warn("it is not known which functions want instances kept; asking again", failed);
            bursts.lookIn(RETRY_MILLIS, ref);
        });
    }

    private void keep(Kept kept) {
        projects.byRef(kept.ref())
                .compose(project -> project.isEmpty()
                        ? Future.succeededFuture(List.<DeployedFunction>of())
                        : registry.versions(project.get(), kept.name()))
                .onSuccess(versions -> versions.stream()
                        .filter(version -> version.manifest().scaling().minInstances() > 0)
                        .forEach(version -> runtimes.named(version.manifest().runtime())
                                .ifPresent(runtime -> runtime.keep(version.runnable()))))
                .onFailure(failed -> {
                    LOG.warnf(failed, "instances of %s wait to be made", kept.name());
                    bursts.lookIn(RETRY_MILLIS, kept.ref());
                });
    }
}
