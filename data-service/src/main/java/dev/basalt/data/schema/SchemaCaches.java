package dev.basalt.data.schema;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Scheduler;
import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.project.ProjectDirectory;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.kit.work.Caches;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The schema caches of the projects in use: loaded at a project's first request, reloaded when its database says that
 * something changed, dropped when the project is idle. Safe for use by any thread; futures complete on the caller's
 * context.
 */
@ApplicationScoped
public class SchemaCaches {
    private final Vertx vertx;
    private final SchemaConfig config;
    private final ProjectDatabases databases;
    private final Timer loads;
    private final Cache<UUID, ProjectSchema> projects;

    @Inject
    public SchemaCaches(
            Vertx vertx,
            SchemaConfig config,
            ProjectDatabases databases,
            ProjectDirectory directory,
            MeterRegistry metrics) {
        this.vertx = vertx;
        this.config = config;
        this.databases = databases;
        this.loads = metrics.timer("basalt.data.schema.loads");
        this.projects = Caches.builder()
                .maximumSize(config.maxProjects())
                .expireAfterAccess(config.idle())
                .scheduler(Scheduler.systemScheduler())
                .recordStats()
                .removalListener((@Nullable UUID _, @Nullable ProjectSchema dropped, RemovalCause _) -> {
                    if (dropped != null) {
                        dropped.close();
                    }
                })
                .build();
        CaffeineCacheMetrics.monitor(metrics, projects, "basalt.data.schemas");
        directory.onChange(this::forget);
    }

    /** The project's schema: from memory, or loaded now. */
    public Future<SchemaCache> get(RequestContext context) {
        var project = project(context);
        var loaded = project.loaded();
        return loaded != null ? loaded : here(project.load());
    }

    /**
     * A schema newer than one that did not know what a request named.
     *
     * @return the same one if nothing newer may be had yet, so that requests for nonsense do not load the database
     */
    public Future<SchemaCache> newerThan(SchemaCache known, RequestContext context) {
        return here(project(context).newerThan(known));
    }

    /** Reloads after this process changed the schema itself, so that whoever changed it sees the change. */
    public Future<SchemaCache> changed(RequestContext context) {
        return here(project(context).reload());
    }

    private ProjectSchema project(RequestContext context) {
        var project = context.project();
        var known = projects.getIfPresent(project.id());
        if (known != null) {
            return known;
        }
        return projects.get(project.id(), _ -> new ProjectSchema(vertx, config, databases, loads, project));
    }

    /** Brings a completion from whichever connection's event loop back to the caller's. */
    private <T> Future<T> here(Future<T> anywhere) {
        var promise = Promise.<T>promise();
        var context = vertx.getOrCreateContext();
        anywhere.onComplete(done -> context.runOnContext(_ -> {
            if (done.succeeded()) {
                promise.complete(done.result());
            } else {
                promise.fail(done.cause());
            }
        }));
        return promise.future();
    }

    private void forget(String ref) {
        projects.asMap().values().removeIf(project -> project.isOf(ref));
    }

    @PreDestroy
    void close() {
        projects.invalidateAll();
        projects.cleanUp();
    }
}
