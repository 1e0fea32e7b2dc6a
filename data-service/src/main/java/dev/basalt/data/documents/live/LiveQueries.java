package dev.basalt.data.documents.live;

import com.github.benmanes.caffeine.cache.Cache;
import dev.basalt.data.documents.DocumentError;
import dev.basalt.data.documents.DocumentsConfig;
import dev.basalt.data.documents.live.ProjectFeed.Start;
import dev.basalt.data.documents.read.DocumentQueries;
import dev.basalt.data.documents.read.DocumentQuery;
import dev.basalt.data.documents.read.Subscriptions;
import dev.basalt.data.schema.SchemaConfig;
import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import dev.basalt.kit.project.Project;
import dev.basalt.kit.project.ProjectDirectory;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.kit.request.RequestInfo;
import dev.basalt.kit.request.RequestMeter;
import dev.basalt.kit.work.Caches;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Live queries of all projects: each distinct query of a distinct caller runs once for all its subscribers, and again when its
 * collection changed. SQL sees no HTTP request in them, because subscribers share them.
 *
 * <p>Safe for use by any thread.
 */
@ApplicationScoped
class LiveQueries implements Subscriptions {
    private static final Buffer OPENING = Buffer.buffer("retry: 1000\n\n");
    private static final CharSequence LAST_EVENT_ID = HttpHeaders.createOptimized("last-event-id");
    private static final Duration RESUMABLE = Duration.ofMinutes(5);
    private static final int MAX_REMEMBERED = 100_000;

    private final Vertx vertx;
    private final ProjectDatabases databases;
    private final DocumentQueries queries;
    private final DocumentsConfig config;
    private final SchemaConfig schemas;
    private final Counter runs;
    private final Map<UUID, ProjectFeed> feeds = new ConcurrentHashMap<>();

    /** What clients that lost their connection have seen, within a bound on the documents in it. */
    private final Cache<Seen, Map<String, Long>> seen = Caches.builder()
            .expireAfterWrite(RESUMABLE)
            .maximumWeight(MAX_REMEMBERED)
            .weigher((Seen key, Map<String, Long> versions) -> versions.size() + 1)
            .build();

    @Inject
    LiveQueries(
            Vertx vertx,
            ProjectDatabases databases,
            DocumentQueries queries,
            DocumentsConfig config,
            SchemaConfig schemas,
            MeterRegistry metrics,
            ProjectDirectory directory) {
        this.vertx = vertx;
        this.databases = databases;
        this.queries = queries;
        this.config = config;
        this.schemas = schemas;
        this.runs = metrics.counter("basalt.documents.live.runs");
        directory.onChange(
                ref -> feeds.values().stream().filter(feed -> feed.isOf(ref)).forEach(ProjectFeed::close));
    }

    /** The id of a state is a hash that nobody guesses who has not seen it. */
    private record Seen(UUID project, String state) {}

    @Override
    public Future<Reply> subscribe(Exchange exchange, DocumentQuery query) {
        if (query.cursor() != null || query.counted()) {
            throw ApiException.of(DocumentError.INVALID_QUERY, "cursor and count do not go with a live query");
        }
        var caller = exchange.caller();
        var context = new RequestContext(
                exchange.requestId(), exchange.project(), caller, RequestInfo.NONE, new RequestMeter(), 0);
        var key = new LiveGroup.Key(caller.role().databaseName(), caller.claimsJson(), query);
        var own = vertx.getOrCreateContext();
        var last = exchange.header(LAST_EVENT_ID);
        return start(context, key, own).map(started -> {
            var expiry = caller instanceof Caller.User user ? user.expiresAt() : Instant.MAX;
            var state = started.start().state();
            var stream = new LiveStream(own, expiry, opening(exchange.project(), state, last), state);
            started.feed().join(started.start(), stream);
            exchange.abandoned().onComplete(_ -> stream.close());
            return Reply.stream(200, stream, -1)
                    .with(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                    .with(HttpHeaders.CACHE_CONTROL, "no-store");
        });
    }

    private record Started(ProjectFeed feed, Start start) {}

    private Future<Started> start(RequestContext context, LiveGroup.Key key, Context own) {
        var feed = feeds.computeIfAbsent(context.project().id(), _ -> open(context.project()));
        var promise = Promise.<Started>promise();
        feed.subscribe(key, context)
                .onComplete(done -> own.runOnContext(_ -> {
                    @Nullable Start start = done.result();
                    if (done.failed()) {
                        promise.fail(done.cause());
                    } else if (start == null) {
                        start(context, key, own).onComplete(promise);
                    } else {
                        promise.complete(new Started(feed, start));
                    }
                }));
        return promise.future();
    }

    private ProjectFeed open(Project project) {
        var holder = new ProjectFeed[1];
        holder[0] = new ProjectFeed(
                vertx,
                project,
                databases,
                queries,
                config,
                schemas,
                runs,
                state -> seen.put(new Seen(project.id(), state.id()), state.versions()),
                () -> feeds.remove(project.id(), Objects.requireNonNull(holder[0])));
        return holder[0];
    }

    /** What a client hears first: everything, or what changed since what it saw last. */
    private Buffer opening(Project project, LiveState state, @Nullable String last) {
        if (state.id().equals(last)) {
            return OPENING;
        }
        var before = last == null ? null : seen.getIfPresent(new Seen(project.id(), last));
        return OPENING.copy().appendBuffer(before == null ? state.snapshot() : state.changes(before));
    }

    @PreDestroy
    void close() {
        feeds.values().forEach(ProjectFeed::close);
    }
}
