package dev.basalt.control.project;

import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.schema.Installation;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jboss.logging.Logger;

/**
 * Removes projects whose deletion's grace time has passed, and keeps the stock of blank databases. Any number of replicas
 * may run it: the statement is one transaction, and the stock has its own lock.
 */
@ApplicationScoped
class ProjectReaper {
    private static final Logger LOG = Logger.getLogger(ProjectReaper.class);
    private static final String REMOVE = """
            with gone as (select id from projects where status = 'deleting' and deleted_at < $1),
              freed as (update project_databases set state = 'dropping', project_id = null
                where project_id in (select id from gone) returning name)
            delete from projects where id in (select id from gone) and (select count(*) from freed) >= 0""";

    private final Vertx vertx;
    private final ControlDatabase control;
    private final Installation installation;
    private final ControlConfig config;
    private long timer = -1;

    @Inject
    ProjectReaper(Vertx vertx, ControlDatabase control, Installation installation, ControlConfig config) {
        this.vertx = vertx;
        this.control = control;
        this.installation = installation;
        this.config = config;
    }

    void start(@Observes StartupEvent event) {
        sweep();
        timer = vertx.setPeriodic(config.reapInterval().toMillis(), tick -> sweep());
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }

    /** One round; a failure waits for the next. */
    Future<Void> sweep() {
        var before = OffsetDateTime.now(ZoneOffset.UTC).minus(config.deletionGrace());
        return control.query(REMOVE, Tuple.of(before))
                .compose(removed -> installation.replenish())
                .onFailure(failed ->
                        LOG.warn("deleted projects could not be cleared; the next round tries again", failed));
    }
}
