package dev.basalt.kit.project;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A function of a project that runs when a row of a table is written. Several on one table run in the order in which
 * the project lists them.
 *
 * @param table schema and table joined by a dot, for example {@code public.todos}
 * @param operations the writes it runs on
 * @param timeout how long a before hook may take
 * @param allowOnFailure whether the write passes when the hook itself fails; a rejection always holds
 */
public record DataTrigger(
        String function,
        String table,
        Moment moment,
        Set<Operation> operations,
        Duration timeout,
        boolean allowOnFailure) {
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

    /** Reads the project's list as the control database keeps it. */
    static List<DataTrigger> parse(JsonArray triggers) {
        return IntStream.range(0, triggers.size())
                .mapToObj(triggers::getJsonObject)
                .map(DataTrigger::parse)
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
                "allow".equals(json.getString("onFailure")));
    }
}
