package dev.basalt.storage.sweep;

import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** Starts a sweep every now and then, one at a time. */
@ApplicationScoped
class SweepTimer {
    private static final Logger LOG = Logger.getLogger(SweepTimer.class);

    private final AtomicBoolean running = new AtomicBoolean();

    void start(@Observes StartupEvent started, Vertx vertx, BlobSweeper sweeper, SweepConfig config) {
        vertx.setPeriodic(config.every().toMillis(), tick -> {
            if (running.compareAndSet(false, true)) {
                sweeper.sweepWritten(config.age())
                        .onSuccess(count -> LOG.debugf("%d blobs that no object named were deleted", count))
                        .onFailure(failure -> LOG.warn("the sweep of blobs failed", failure))
                        .onComplete(done -> running.set(false));
            }
        });
    }
}
