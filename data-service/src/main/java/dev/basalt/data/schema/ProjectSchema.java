package dev.basalt.data.schema;

import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.database.ProjectDatabases.Mode;
import dev.basalt.kit.project.Project;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.kit.work.Blocking;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One project's schema while the project is in use.
 *
 * <p>Safe for use by any thread: the loaded schema is one volatile reference; whether a load runs and whether another must
 * follow it is guarded by this object's monitor, which is never held while anything waits. A load that was asked for
 * while one runs starts after it, once for all who asked, because the running one may not see their change.
 */
final class ProjectSchema {
    private static final Logger LOG = Logger.getLogger(ProjectSchema.class);

    /** Notified after DDL by a project's database, and by migrations that were written for PostgREST. */
    private static final String CHANNEL = "pgrst";

    private final Vertx vertx;
    private final SchemaConfig config;
    private final ProjectDatabases databases;
    private final Timer loads;
    private final Project project;
    private final DatabaseListener listener;

    private volatile @Nullable Future<SchemaCache> loaded;
    private @Nullable Promise<SchemaCache> running;
    private @Nullable Promise<SchemaCache> following;
    private long lastStartNanos;

    ProjectSchema(Vertx vertx, SchemaConfig config, ProjectDatabases databases, Timer loads, Project project) {
        this.vertx = vertx;
        this.config = config;
        this.databases = databases;
        this.loads = loads;
        this.project = project;
        // What changed while nobody listened is not announced again, hence the reload after a new connection too.
        this.listener = new DatabaseListener(
                vertx,
                project.database(),
                "schema",
                config.listenBackoff(),
                List.of(CHANNEL),
                _ -> reload(),
                this::reload);
    }

    boolean isOf(String ref) {
        return project.ref().equals(ref);
    }

    /** The schema as a completed future, or null while there is none. */
    @Nullable
    Future<SchemaCache> loaded() {
        return loaded;
    }

    /** The schema, by the load that runs or by a first one. */
    Future<SchemaCache> load() {
        synchronized (this) {
            var known = loaded;
            if (known != null) {
                return known;
            }
            if (running != null) {
                return running.future();
            }
        }
        return reload();
    }

    /** A schema introspected after this call. */
    Future<SchemaCache> reload() {
        Promise<SchemaCache> mine;
        synchronized (this) {
            if (running != null) {
                if (following == null) {
                    following = Promise.promise();
                }
                return following.future();
            }
            mine = Promise.promise();
            running = mine;
            lastStartNanos = System.nanoTime();
        }
        start();
        return mine.future();
    }

    Future<SchemaCache> newerThan(SchemaCache known) {
        synchronized (this) {
            var current = loaded;
            if (current != null && current.result().generation() != known.generation()) {
                return current;
            }
            if (following != null) {
                return following.future();
            }
            if (running != null) {
                return running.future();
            }
            if (System.nanoTime() - lastStartNanos < config.missInterval().toNanos()) {
                return Future.succeededFuture(known);
            }
        }
        return reload();
    }

    void close() {
        listener.close();
    }

    private void start() {
        // Listening comes first: a change after the load must not be missed. Without it the cache still works, later.
        listener.start().otherwiseEmpty().compose(_ -> introspect()).onComplete(this::finished);
    }

    private Future<SchemaCache> introspect() {
        var started = System.nanoTime();
        var context = RequestContext.internal("schema", project, 0);
        return databases
                .transaction(context, Mode.READ, connection -> {
                    // Defaults are printed with every name qualified when no schema is searched.
                    var alone = connection.query("SET LOCAL search_path = ''").execute();
                    var document = connection
                            .preparedQuery(SchemaDocument.QUERY)
                            .execute(Tuple.of(config.exposed().toArray(String[]::new)));
                    return Future.join(alone, document)
                            .map(_ -> document.result().iterator().next().getString(0));
                })
                .compose(document -> Blocking.call(vertx, () -> SchemaDocument.read(config.exposed(), document)))
                .onSuccess(_ -> loads.record(System.nanoTime() - started, TimeUnit.NANOSECONDS));
    }

    private void finished(AsyncResult<SchemaCache> result) {
        Promise<SchemaCache> done;
        boolean again;
        synchronized (this) {
            done = running;
            running = following;
            following = null;
            again = running != null;
            if (again) {
                lastStartNanos = System.nanoTime();
            }
            if (result.succeeded()) {
                loaded = Future.succeededFuture(result.result());
            }
        }
        if (again) {
            start();
        }
        if (done == null) {
            throw new IllegalStateException("a load finished that nobody started");
        }
        if (result.succeeded()) {
            done.complete(result.result());
        } else {
            LOG.debugf(result.cause(), "the schema of %s could not be loaded", project.ref());
            done.fail(result.cause());
        }
    }
}
