package dev.basalt.functions.invoke;

import dev.basalt.functions.Runtimes;
import dev.basalt.functions.registry.Bursts;
import dev.basalt.functions.registry.FunctionStore;
import dev.basalt.kit.project.ProjectDirectory;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import org.jboss.logging.Logger;

/**
 * Lets instances go that answer no more: their version was superseded or deleted, or a secret of theirs changed. What runs on
 * them is finished. Safe for use by any thread.
 */
@ApplicationScoped
class Retirement {
    private static final Logger LOG = Logger.getLogger(Retirement.class);
    private final Runtimes runtimes;
    private final FunctionStore store;
    private final ProjectDirectory directory;
    private final Bursts bursts;

    @Inject
    Retirement(Vertx vertx, Runtimes runtimes, FunctionStore store, ProjectDirectory directory) {
        this.runtimes = runtimes;
        this.store = store;
        this.directory = directory;
        this.bursts = new Bursts(vertx, this::retire);
    }

    void start(@Observes StartupEvent started) {
        directory.onChange(ref -> {
            if (!runtimes.made().isEmpty()) {
                bursts.changed(ref);
            }
        });
    }

    private void retire(String ref) {
        store.answering(ref)
                .onSuccess(answering -> runtimes.made()
                        .forEach(runtime -> runtime.retire(
                                answering.project(),
                                version -> !answering.identities().contains(version.version()))))
                .onFailure(failed -> LOG.warnf(failed, "outdated instances of %s stay until they have idled", ref));
    }
}
