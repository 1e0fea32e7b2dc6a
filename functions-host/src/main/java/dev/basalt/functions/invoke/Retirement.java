package dev.basalt.functions.invoke;

import dev.basalt.functions.Runtimes;
import dev.basalt.functions.registry.FunctionStore;
import dev.basalt.kit.project.ProjectDirectory;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Lets instances go that answer no more: their version was superseded or deleted, or a secret of theirs changed. What runs on
 * them is finished. Safe for use by any thread.
 */
@ApplicationScoped
class Retirement {
    private static final Logger LOG = Logger.getLogger(Retirement.class);
    /** Deployments come in bursts, and one look serves all of a burst. */
    private static final long DELAY_MILLIS = 50;

    private final Vertx vertx;
    private final Runtimes runtimes;
    private final FunctionStore store;
    private final ProjectDirectory directory;
    private final Set<String> due = ConcurrentHashMap.newKeySet();

    @Inject
    Retirement(Vertx vertx, Runtimes runtimes, FunctionStore store, ProjectDirectory directory) {
        this.vertx = vertx;
        this.runtimes = runtimes;
        this.store = store;
        this.directory = directory;
    }

    void start(@Observes StartupEvent started) {
        directory.onChange(ref -> {
            if (!runtimes.made().isEmpty() && due.add(ref)) {
                vertx.setTimer(DELAY_MILLIS, reached -> {
                    due.remove(ref);
                    retire(ref);
                });
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
