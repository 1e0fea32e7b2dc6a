package dev.basalt.functions.invoke;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The invocations that have not ended. One that takes long gets a record before its end, and another when it comes to run;
 * one that ends soon is spared that. There are as many as the runtimes' queues let in. Nothing runs while nothing is invoked.
 * Safe for use by any thread.
 */
@ApplicationScoped
class OpenInvocations {
    private final Vertx vertx;
    private final InvocationLogbook logbook;
    private final InvocationConfig config;
    private final Map<UUID, AcceptedInvocation> open = new ConcurrentHashMap<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    @Inject
    OpenInvocations(Vertx vertx, InvocationLogbook logbook, InvocationConfig config, MeterRegistry metrics) {
        this.vertx = vertx;
        this.logbook = logbook;
        this.config = config;
        Gauge.builder("basalt.functions.invocations.open", open, Map::size).register(metrics);
    }

    void add(AcceptedInvocation accepted) {
        open.put(accepted.id, accepted);
        schedule();
    }

    void remove(AcceptedInvocation accepted) {
        open.remove(accepted.id);
    }

    private void schedule() {
        if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
            vertx.setTimer(config.visibleAfter().toMillis(), due -> look());
        }
    }

    private void look() {
        var young = System.currentTimeMillis() - config.visibleAfter().toMillis();
        for (var accepted : open.values()) {
            var state = accepted.state();
            var written = accepted.written;
            if (accepted.acceptedMillis <= young && written != state) {
                accepted.written = state;
                logbook.add(InvocationRecord.open(accepted, state, config.lostAfter(), written != null));
            }
        }
        scheduled.set(false);
        if (!open.isEmpty()) {
            schedule();
        }
    }
}
