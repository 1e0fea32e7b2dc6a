package dev.basalt.kit.project;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A function of a project that runs when a row of a table, a user or an object is written.
 *
 * @param table schema and table joined by a dot, for example {@code public.todos}; {@link #USERS}, {@link #OBJECTS}
 * @param operations the writes it runs on
 * @param timeout how long a before hook may take
 * @param allowOnFailure whether the write passes when the hook itself fails; a rejection always holds
 * @param order before hooks on one write run in ascending order, those of the same order by their function's name
 */
public record DataTrigger(
        String function,
        String table,
        Moment moment,
        Set<Operation> operations,
        Duration timeout,
        boolean allowOnFailure,
        int order) {
    /** The table whose rows are a project's users. */
    public static final String USERS = "auth.users";
    /** The table whose rows are the objects of a project's buckets. */
    public static final String OBJECTS = "storage.objects";

    /** When a trigger runs. */
    public enum Moment {
        /** Inside the write: may change or reject it. */
        BEFORE,
        /** After the commit, at least once. */
        AFTER
    }

    /** A kind of write. */
    public enum Operation {
        INSERT,
        UPDATE,
        DELETE
    }

    public DataTrigger {
        operations = Set.copyOf(operations);
    }

    /** Reads the project's list as the control database keeps it, into the order in which before hooks run. */
    static List<DataTrigger> parse(JsonArray triggers) {
        return IntStream.range(0, triggers.size())
                .mapToObj(triggers::getJsonObject)
                .map(DataTrigger::parse)
                .sorted(Comparator.comparingInt(DataTrigger::order).thenComparing(DataTrigger::function))
                .toList();
    }

    private static DataTrigger parse(JsonObject json) {
        return new DataTrigger(
                json.getString("function"),
                json.getString("table"),
                Moment.valueOf(json.getString("when").toUpperCase(Locale.ROOT)),
                json.getJsonArray("events").stream()
                        .map(event -> Operation.valueOf(event.toString().toUpperCase(Locale.ROOT)))
                        .collect(Collectors.toSet()),
                Duration.ofMillis(json.getLong("timeoutMs")),
                "allow".equals(json.getString("onFailure")),
                json.getInteger("order", 0));
    }
}
