package dev.basalt.kit.lifecycle;

import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.project.ControlProjectDirectory;
import dev.basalt.kit.schema.Installation;
import dev.basalt.kit.usage.UsageFlusher;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.sqlclient.Tuple;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/** Brings the shared parts up before any feature starts and down after the last request is answered. */
@ApplicationScoped
class ServiceLifecycle {
    private static final Logger LOG = Logger.getLogger(ServiceLifecycle.class);
    private static final Duration PROBE_INTERVAL = Duration.ofMillis(250);
    private final LifecycleConfig config;
    private final Installation installation;
    private final ControlDatabase control;
    private final ControlProjectDirectory directory;
    private final UsageFlusher usage;

    @Inject
    ServiceLifecycle(
            LifecycleConfig config,
            Installation installation,
            ControlDatabase control,
            ControlProjectDirectory directory,
            UsageFlusher usage) {
        this.config = config;
        this.installation = installation;
        this.control = control;
        this.directory = directory;
        this.usage = usage;
    }

    void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) throws Exception {
        if (config.migrate()) {
            installation.migrate();
        } else {
            awaitMigrated();
        }
        directory
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .get(config.startTimeout().toMillis(), TimeUnit.MILLISECONDS);
        usage.start();
    }

    private void awaitMigrated() throws InterruptedException {
        var deadline = System.nanoTime() + config.startTimeout().toNanos();
        while (true) {
            try {
                control.query("select 1 from usage_batches limit 1", Tuple.tuple())
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(config.startTimeout().toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (ExecutionException | TimeoutException notYet) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(
                            "the control database is not there or not migrated; is a control plane running?", notYet);
                }
                LockSupport.parkNanos(PROBE_INTERVAL.toNanos());
            }
        }
    }

    void stop(@Observes @Priority(Interceptor.Priority.PLATFORM_AFTER) ShutdownEvent event)
            throws InterruptedException {
        try {
            usage.stop()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(config.stopTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException late) {
            LOG.warn("usage was not flushed before the stop; the next start of this process takes it up");
        }
    }
}
