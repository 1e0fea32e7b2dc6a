package dev.basalt.data.documents.collection;

import dev.basalt.data.documents.DocumentSql;
import dev.basalt.data.documents.DocumentsConfig;
import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.database.ProjectDatabases.Mode;
import dev.basalt.kit.project.Project;
import dev.basalt.kit.request.RequestContext;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Removes expired documents, which nobody reads any more, of projects that were in use since the last sweep. A project that
 * nobody uses is left alone: its documents go when it is used again. Removes as the service, never as the platform, because the
 * owner's triggers run along. Safe for use by any thread.
 */
@ApplicationScoped
class ExpirySweeper {
    private static final Logger LOG = Logger.getLogger(ExpirySweeper.class);
    private static final int BATCH = 1000;

    private final Vertx vertx;
    private final ProjectDatabases databases;
    private final DocumentsConfig config;
    private final Map<Used, Project> used = new ConcurrentHashMap<>();
    private long timer = -1;

    @Inject
    ExpirySweeper(Vertx vertx, ProjectDatabases databases, DocumentsConfig config) {
        this.vertx = vertx;
        this.databases = databases;
        this.config = config;
    }

    private record Used(String ref, String collection) {}

    void start(@Observes StartupEvent started) {
        timer = vertx.setPeriodic(config.sweepInterval().toMillis(), _ -> sweep());
    }

    /** Notes that a collection whose documents expire is in use. */
    void use(Project project, String collection) {
        used.put(new Used(project.ref(), collection), project);
    }

    /** Removes what has expired of all collections in use. */
    Future<Void> sweep() {
        Future<?> last = Future.succeededFuture();
        for (var one : Set.copyOf(used.keySet())) {
            var project = used.remove(one);
            if (project != null) {
                last = last.compose(_ -> sweep(project, one.collection()));
            }
        }
        return last.mapEmpty();
    }

    private Future<Void> sweep(Project project, String collection) {
        var table = DocumentSql.table(collection);
        var sql = "delete from " + table + " where (parent, id) in (select parent, id from " + table
                + " where expires_at <= now() limit " + BATCH + " for update skip locked)";
        return databases
                .query(RequestContext.internal("expiry", project, 0), Mode.WRITE, sql, Tuple.tuple())
                .compose(done -> done.rowCount() == BATCH ? sweep(project, collection) : Future.<Void>succeededFuture())
                .otherwise(failure -> {
                    LOG.debugf(failure, "expired documents of %s were left", project.ref());
                    return null;
                });
    }

    @PreDestroy
    void stop() {
        vertx.cancelTimer(timer);
    }
}
