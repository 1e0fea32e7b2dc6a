package dev.basalt.functions.event;

import com.github.benmanes.caffeine.cache.Cache;
import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.kit.work.Caches;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;

/**
 * Calls of functions that nobody waits for: stored like events, and delivered as these are, at least once and with retries. Safe
 * for use by any thread.
 */
@ApplicationScoped
public class QueuedInvocations {
    private static final int MAX_KNOWN = 10_000;
    private static final String PUT = """
            insert into basalt.events (id, function_name, type, source, subject, data, depth)
            values ($1, $2, $3, '/functions/' || $2, '', $4, $5)""";

    private final ControlDatabase control;
    private final ProjectDatabases databases;
    private final EventDispatcher dispatcher;
    /** Projects that the next start asks for what a crash left. */
    private final Cache<UUID, Boolean> known =
            Caches.builder().maximumSize(MAX_KNOWN).recordStats().build();

    @Inject
    QueuedInvocations(
            ControlDatabase control, ProjectDatabases databases, EventDispatcher dispatcher, MeterRegistry metrics) {
        this.control = control;
        this.databases = databases;
        this.dispatcher = dispatcher;
        CaffeineCacheMetrics.monitor(metrics, known, "basalt.functions.queueing");
    }

    /**
     * Stores a call; completes with its id once it is durable.
     *
     * @param function a name as the registry takes it, with its alias or version
     */
    public Future<UUID> put(RequestContext context, String function, JsonObject payload) {
        var id = UUID.randomUUID();
        var data = new JsonObject().put("payload", payload);
        return remember(context.project().id())
                .compose(remembered -> databases.platformQuery(
                        context, PUT, Tuple.of(id, function, StoredEvent.INVOCATION, data, (short)
                                context.triggerDepth())))
                .map(stored -> {
                    dispatcher.nudge(context.project());
                    return id;
                });
    }

    private Future<Void> remember(UUID project) {
        if (known.getIfPresent(project) != null) {
            return Future.succeededFuture();
        }
        return control.query("insert into queueing_projects values ($1) on conflict do nothing", Tuple.of(project))
                .<Void>mapEmpty()
                .onSuccess(stored -> known.put(project, true));
    }
}
