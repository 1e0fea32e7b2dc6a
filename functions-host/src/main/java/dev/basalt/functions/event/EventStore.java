package dev.basalt.functions.event;

import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** {@code basalt.events} of a project's database. Safe for use by any thread. */
@ApplicationScoped
class EventStore {
    private static final String CLAIM = """
            update basalt.events e set attempts = e.attempts + 1, available_at = now() + $2 * interval '1 millisecond'
            from (select id from basalt.events where dead_at is null and available_at <= now()
              order by available_at, seq limit $1 for update skip locked) due
            where e.id = due.id
            returning e.id, e.seq, e.function_name, e.type, e.source, e.subject, e.data, e.depth, e.created_at, e.attempts""";
    private static final String NEXT = """
            select greatest(0, ceil(extract(epoch from min(available_at) - clock_timestamp()) * 1000))::bigint
            from basalt.events where dead_at is null""";

    private final ProjectDatabases databases;

    @Inject
    EventStore(ProjectDatabases databases) {
        this.databases = databases;
    }

    /** Takes the next events for a delivery; nobody else gets them until the claim's time is over. */
    Future<List<StoredEvent>> claim(RequestContext context, int limit, Duration hold) {
        return databases
                .platformQuery(context, CLAIM, Tuple.of(limit, hold.toMillis()))
                .map(rows -> {
                    var events = new ArrayList<StoredEvent>();
                    rows.forEach(row -> events.add(StoredEvent.of(row)));
                    return events;
                });
    }

    /** How long until the next event is due, if there is one. */
    Future<Optional<Duration>> next(RequestContext context) {
        return databases.platformQuery(context, NEXT, Tuple.tuple()).map(rows -> {
            var millis = rows.iterator().next().getLong(0);
            return Optional.ofNullable(millis).map(Duration::ofMillis);
        });
    }

    Future<Void> delivered(RequestContext context, List<UUID> ids) {
        return databases
                .platformQuery(
                        context, "delete from basalt.events where id = any($1)", Tuple.of(ids.toArray(UUID[]::new)))
                .mapEmpty();
    }

    Future<Void> retry(RequestContext context, UUID id, Duration wait, String error) {
        return databases
                .platformQuery(context, """
                        update basalt.events set available_at = now() + $2 * interval '1 millisecond', last_error = $3
                        where id = $1""", Tuple.of(id, wait.toMillis(), error))
                .mapEmpty();
    }

    Future<Void> dead(RequestContext context, UUID id, String error) {
        return databases
                .platformQuery(
                        context,
                        "update basalt.events set dead_at = now(), last_error = $2 where id = $1",
                        Tuple.of(id, error))
                .mapEmpty();
    }
}
