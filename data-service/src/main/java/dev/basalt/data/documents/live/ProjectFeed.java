package dev.basalt.data.documents.live;

import dev.basalt.data.documents.DocumentError;
import dev.basalt.data.documents.DocumentsConfig;
import dev.basalt.data.documents.read.DocumentQueries;
import dev.basalt.data.schema.DatabaseListener;
import dev.basalt.data.schema.SchemaConfig;
import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.project.Project;
import dev.basalt.kit.request.RequestContext;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgNotification;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The live queries of one project, and the connection that hears of its changes while there are any.
 *
 * <p>Tables announce changes only while somebody listens, because an announcement makes commits wait for each other. So
 * listening is a lease that is renewed, and transactions that were under way when it began, and did not announce what they
 * did, are waited for once. All state belongs to one event loop; {@link #subscribe} and {@link #close} may be called from any
 * thread.
 */
final class ProjectFeed {
    private static final Logger LOG = Logger.getLogger(ProjectFeed.class);
    private static final String CHANGES = "basalt_documents";
    private static final String DDL = "pgrst";
    private static final int LEASE_SECONDS = 90;
    private static final int RENEWAL_MILLIS = 30_000;
    private static final int FENCE_MILLIS = 100;
    private static final int MAX_FENCE_MILLIS = 10_000;
    private static final int RETRY_MILLIS = 1_000;
    private static final String LEASE = """
        select pg_catalog.setval('basalt_documents.listening',
            greatest((select last_value from basalt_documents.listening),
              extract(epoch from pg_catalog.clock_timestamp())::bigint + $1)),
          pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text\
        """;
    private static final String FENCE =
            "select pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot()) >= $1::text::xid8";

    private final Vertx vertx;
    private final Context context;
    private final Project project;
    private final RequestContext work;
    private final ProjectDatabases databases;
    private final DocumentQueries queries;
    private final DocumentsConfig config;
    private final Counter runs;
    private final Consumer<LiveState> onState;
    private final Runnable onEmpty;
    private final DatabaseListener listener;
    private final Map<LiveGroup.Key, LiveGroup> groups = new HashMap<>();
    private final Queue<LiveGroup> waiting = new ArrayDeque<>();
    private final Set<String> changed = new HashSet<>();
    private @Nullable Future<Void> open;
    private boolean gathering;
    private boolean allChanged;
    private boolean closed;
    private int running;
    private int subscribers;
    private long renewal = -1;
    private long heartbeat = -1;

    ProjectFeed(
            Vertx vertx,
            Project project,
            ProjectDatabases databases,
            DocumentQueries queries,
            DocumentsConfig config,
            SchemaConfig schemas,
            Counter runs,
            Consumer<LiveState> onState,
            Runnable onEmpty) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.project = project;
        this.work = RequestContext.internal("live", project, 0);
        this.databases = databases;
        this.queries = queries;
        this.config = config;
        this.runs = runs;
        this.onState = onState;
        this.onEmpty = onEmpty;
        this.listener = new DatabaseListener(
                vertx,
                project.database(),
                "live queries",
                schemas.listenBackoff(),
                List.of(CHANGES, DDL),
                this::heard,
                () -> context.runOnContext(_ -> reconnected()));
    }

    boolean isOf(String ref) {
        return project.ref().equals(ref);
    }

    /** What a subscriber starts from: the state of its group, where {@link #join} will add its stream. */
    record Start(LiveGroup group, LiveState state) {}

    /**
     * The present state of a query; on any event loop.
     *
     * @return fails as the query does; with null if the feed is closing and another must be opened
     */
    Future<@Nullable Start> subscribe(LiveGroup.Key key, RequestContext caller) {
        var promise = Promise.<@Nullable Start>promise();
        context.runOnContext(_ -> {
            if (closed) {
                promise.complete(null);
                return;
            }
            if (subscribers >= config.maxLiveQueries()) {
                promise.fail(ApiException.of(DocumentError.TOO_MANY_LISTENERS));
                return;
            }
            subscribers++;
            opened().compose(_ -> group(key, caller).ready().map(_ -> key))
                    .onSuccess(_ -> {
                        var group = groups.get(key);
                        if (group == null) {
                            left();
                            promise.complete(null);
                        } else {
                            group.expect();
                            promise.complete(new Start(group, group.state()));
                        }
                    })
                    .onFailure(failure -> {
                        // Whoever leaves last closes the feed, and has an answer all the same.
                        boolean again = closed;
                        left();
                        if (again) {
                            promise.complete(null);
                        } else {
                            promise.fail(failure);
                        }
                    });
        });
        return promise.future();
    }

    /** Adds the stream of a subscriber; on any event loop. It hears of what changed since its start, until it ends. */
    void join(Start start, LiveStream stream) {
        context.runOnContext(_ -> {
            var group = start.group();
            group.add(stream);
            if (closed) {
                stream.close();
            } else if (!group.state().id().equals(start.state().id())) {
                stream.show(
                        group.state(),
                        start.state(),
                        group.state().changes(start.state().versions()));
            }
        });
        stream.over()
                .onComplete(_ -> context.runOnContext(_ -> {
                    if (start.group().remove(stream)) {
                        groups.remove(start.group().key(), start.group());
                    }
                    left();
                }));
    }

    private void left() {
        subscribers--;
        if (subscribers == 0) {
            end();
        }
    }

    /** Ends every stream, so that clients come back and show their keys again. */
    void close() {
        context.runOnContext(_ -> end());
    }

    private void end() {
        if (closed) {
            return;
        }
        closed = true;
        onEmpty.run();
        vertx.cancelTimer(renewal);
        vertx.cancelTimer(heartbeat);
        listener.close();
        var ended = List.copyOf(groups.values());
        groups.clear();
        waiting.clear();
        ended.forEach(group -> group.end(null, null));
    }

    private Future<Void> opened() {
        var known = open;
        if (known == null) {
            known = listener.start().compose(_ -> lease());
            open = known;
            renewal = vertx.setPeriodic(RENEWAL_MILLIS, _ -> renew());
            heartbeat = vertx.setPeriodic(
                    config.liveHeartbeat().toMillis(), _ -> new ArrayList<>(groups.values()).forEach(LiveGroup::beat));
        }
        return known;
    }

    /** Makes tables announce, and sees to it that what went on without is not missed. */
    private Future<Void> lease() {
        return databases.platformQuery(work, LEASE, Tuple.of(LEASE_SECONDS)).map(rows -> {
            fence(rows.iterator().next().getString(1), FENCE_MILLIS);
            return null;
        });
    }

    private void renew() {
        databases
                .platformQuery(work, LEASE, Tuple.of(LEASE_SECONDS))
                .onFailure(failure -> LOG.debugf(failure, "the lease of %s was not renewed", project.ref()));
    }

    /**
     * Waits for the transactions that may not have announced what they did, and then looks again. A transaction of any project
     * counts, so it may take long, and asks less and less often.
     */
    private void fence(String xmax, long millis) {
        vertx.setTimer(millis, _ -> {
            if (!closed) {
                databases.platformQuery(work, FENCE, Tuple.of(xmax)).onComplete(done -> {
                    if (done.succeeded() && done.result().iterator().next().getBoolean(0)) {
                        changeAll();
                    } else {
                        fence(xmax, Math.min(2 * millis, MAX_FENCE_MILLIS));
                    }
                });
            }
        });
    }

    private void reconnected() {
        if (!closed) {
            lease().onComplete(_ -> changeAll());
        }
    }

    private void heard(PgNotification notification) {
        context.runOnContext(_ -> {
            if (notification.getChannel().equals(DDL)) {
                changeAll();
            } else {
                changed.add(notification.getPayload());
                gather();
            }
        });
    }

    private void changeAll() {
        allChanged = true;
        gather();
    }

    /** Several changes at once are one run of the queries. */
    private void gather() {
        if (gathering || closed) {
            return;
        }
        gathering = true;
        vertx.setTimer(Math.max(1, config.liveGather().toMillis()), _ -> {
            gathering = false;
            for (var group : groups.values()) {
                if ((allChanged
                                || changed.contains(
                                        group.key().query().collection().collection()))
                        && group.outdate()) {
                    waiting.add(group);
                }
            }
            allChanged = false;
            changed.clear();
            next();
        });
    }

    private LiveGroup group(LiveGroup.Key key, RequestContext caller) {
        var known = groups.get(key);
        if (known != null) {
            return known;
        }
        var group = new LiveGroup(key, caller, onState);
        groups.put(key, group);
        waiting.add(group);
        next();
        return group;
    }

    private void next() {
        while (running < config.liveConcurrency()) {
            var group = waiting.poll();
            if (group == null) {
                return;
            }
            if (groups.get(group.key()) == group) {
                run(group);
            }
        }
    }

    private void run(LiveGroup group) {
        running++;
        runs.increment();
        group.begin();
        queries.page(group.context(), group.key().query(), null)
                .onComplete(done -> context.runOnContext(_ -> {
                    running--;
                    if (done.succeeded()) {
                        if (group.end(LiveState.of(done.result()), null)) {
                            waiting.add(group);
                        }
                    } else if (group.isReady() && !(done.cause() instanceof ApiException)) {
                        // The database is away: what was shown stays true until it is back.
                        group.retry();
                        vertx.setTimer(RETRY_MILLIS, _ -> changeAll());
                    } else {
                        groups.remove(group.key(), group);
                        group.end(null, done.cause());
                    }
                    next();
                }));
    }
}
