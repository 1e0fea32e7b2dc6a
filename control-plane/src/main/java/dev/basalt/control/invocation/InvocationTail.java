package dev.basalt.control.invocation;

import dev.basalt.control.project.PlatformError;
import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.function.TailChannel;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.pubsub.PgSubscriber;
import io.vertx.sqlclient.Tuple;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes what function hosts tell of their projects to whoever follows them, as {@link TailChannel} says. While nobody follows,
 * there is no connection and no timer, and the hosts tell nothing. Safe for use by any thread.
 */
@ApplicationScoped
class InvocationTail {
    private static final Logger LOG = Logger.getLogger(InvocationTail.class);
    private static final long BEAT_MILLIS = TailChannel.ASK_MILLIS / 3;
    private static final List<String> LEVELS = List.of("debug", "info", "warn", "error");

    private final Vertx vertx;
    private final ControlDatabase database;
    private final InvocationStore store;
    private final TailConfig config;
    private final Map<UUID, Set<TailStream>> followers = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private @Nullable Listening listening;

    /** What is there while somebody follows. */
    private record Listening(PgSubscriber subscriber, Future<Void> connected, long timer) {}

    @Inject
    InvocationTail(
            Vertx vertx, ControlDatabase database, InvocationStore store, TailConfig config, MeterRegistry metrics) {
        this.vertx = vertx;
        this.database = database;
        this.store = store;
        this.config = config;
        Gauge.builder("basalt.control.tail.followers", count, AtomicInteger::get)
                .register(metrics);
    }

    /**
     * Follows a project's functions, or one of them; completes once the hosts are asked.
     *
     * @return fails with {@link PlatformError#TOO_MANY_FOLLOWERS}
     */
    Future<TailStream> follow(UUID project, @Nullable String function) {
        if (count.incrementAndGet() > config.maxFollowers()) {
            count.decrementAndGet();
            return Future.failedFuture(
                    ApiException.of(PlatformError.TOO_MANY_FOLLOWERS).withHeader("Retry-After", "10"));
        }
        var stream = new TailStream(
                vertx.getOrCreateContext(),
                function,
                config.maxWaitingBytes(),
                System.currentTimeMillis() + config.maxAge().toMillis());
        followers.compute(project, (id, known) -> {
            Set<TailStream> streams = known == null ? ConcurrentHashMap.newKeySet() : known;
            streams.add(stream);
            return streams;
        });
        stream.over().onComplete(over -> leave(project, stream));
        return listen().compose(connected -> ask(List.of(project))).map(stream).onFailure(failed -> stream.close());
    }

    private void leave(UUID project, TailStream stream) {
        followers.computeIfPresent(project, (id, streams) -> {
            streams.remove(stream);
            return streams.isEmpty() ? null : streams;
        });
        count.decrementAndGet();
        rest();
    }

    private synchronized Future<Void> listen() {
        var known = listening;
        if (known != null && !known.connected().failed()) {
            return known.connected();
        }
        if (known != null) {
            vertx.cancelTimer(known.timer());
            known.subscriber().close();
        }
        var subscriber = database.subscriber();
        subscriber.channel(TailChannel.MESSAGES).handler(this::heard);
        var started = new Listening(subscriber, subscriber.connect(), vertx.setPeriodic(BEAT_MILLIS, due -> beat()));
        listening = started;
        return started.connected();
    }

    @PreDestroy
    synchronized void rest() {
        var known = listening;
        if (known != null && followers.isEmpty()) {
            listening = null;
            vertx.cancelTimer(known.timer());
            known.subscriber().close();
        }
    }

    private void beat() {
        followers.values().forEach(streams -> streams.forEach(TailStream::beat));
        ask(followers.keySet()).onFailure(failed -> LOG.warn("function hosts can't be asked what they do", failed));
    }

    private Future<Void> ask(Collection<UUID> projects) {
        return database.query(
                        "select pg_notify('" + TailChannel.ASKED + "', p) from unnest($1::text[]) p",
                        Tuple.of(projects.stream().map(UUID::toString).toArray(String[]::new)))
                .mapEmpty();
    }

    private void heard(String payload) {
        var message = new JsonObject(payload);
        var project = UUID.fromString(message.getString("project"));
        var streams = followers.get(project);
        if (streams == null) {
            return;
        }
        var function = message.getString("function");
        if (message.getValue("ended") instanceof JsonArray ended) {
            ended(project, function, ended, streams);
        } else if (message.containsKey("dropped")) {
            var data = new JsonObject().put("lines", message.getLong("dropped")).encode();
            streams.forEach(stream -> stream.send("dropped", data));
        } else {
            var line = new JsonObject()
                    .put("invocation", message.getString("invocation"))
                    .put("function", function)
                    .put("at", Instant.ofEpochMilli(message.getLong("at")).toString())
                    .put("level", LEVELS.get(message.getInteger("level")))
                    .put("text", message.getString("text"))
                    .encode();
            streams.stream().filter(stream -> stream.takes(function)).forEach(stream -> stream.send("log", line));
        }
    }

    private void ended(UUID project, String function, JsonArray ids, Set<TailStream> streams) {
        var interested =
                streams.stream().filter(stream -> stream.takes(function)).toList();
        if (interested.isEmpty()) {
            return;
        }
        store.ended(
                        project,
                        ids.stream().map(id -> UUID.fromString((String) id)).toList())
                .onSuccess(records ->
                        records.forEach(record -> interested.forEach(stream -> stream.send("invocation", record))))
                .onFailure(failed -> LOG.warn("records for followers can't be read", failed));
    }
}
