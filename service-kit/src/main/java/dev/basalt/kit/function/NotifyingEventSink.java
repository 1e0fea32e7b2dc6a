package dev.basalt.kit.function;

import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.event.EventSink;
import dev.basalt.kit.project.Project;
import io.quarkus.arc.DefaultBean;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Nudges the function hosts of other processes by a notification in the control database; the default where no host is on
 * the class path. Nudges of one project within a few milliseconds go out as one. Safe for use by any thread.
 */
@DefaultBean
@ApplicationScoped
public class NotifyingEventSink implements EventSink {
    /** The channel; its payload is a project's ref. */
    public static final String CHANNEL = "basalt_events";

    private static final Logger LOG = Logger.getLogger(NotifyingEventSink.class);
    private static final long COLLECT_MILLIS = 5;

    private final Vertx vertx;
    private final ControlDatabase control;
    private final Set<String> collected = ConcurrentHashMap.newKeySet();

    @Inject
    public NotifyingEventSink(Vertx vertx, ControlDatabase control) {
        this.vertx = vertx;
        this.control = control;
    }

    @Override
    public void nudge(Project project) {
        var ref = project.ref();
        if (collected.add(ref)) {
            vertx.setTimer(COLLECT_MILLIS, due -> {
                collected.remove(ref);
                control.query("select pg_notify($1, $2)", Tuple.of(CHANNEL, ref))
                        .onFailure(lost -> LOG.debugf(lost, "a nudge of %s was lost; the sweep makes up for it", ref));
            });
        }
    }
}
