package dev.basalt.functions.registry;

import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.functions.runtime.Outcome.LogLine;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Takes the values of secrets out of what a function printed and threw: each as it is, as JSON writes it, and its single lines. It
 * guards against slips, not against a function that disguises what it prints. Immutable.
 */
public final class Redactor {
    /** For functions without secrets. */
    public static final Redactor NONE = new Redactor(List.of());

    private static final String REPLACEMENT = "[secret]";
    /** Shorter ones would blacken ordinary text, and are no secrets. */
    private static final int SHORTEST = 4;

    private static final int SHORTEST_LINE = 8;

    private final List<String> hidden;

    private Redactor(List<String> hidden) {
        this.hidden = hidden;
    }

    static Redactor of(Collection<String> values) {
        var hidden = new LinkedHashSet<String>();
        for (var value : values) {
            if (value.length() >= SHORTEST) {
                hidden.add(value);
                var json = new JsonObject().put("v", value).encode();
                hidden.add(json.substring(6, json.length() - 2));
                value.lines()
                        .map(String::strip)
                        .filter(line -> line.length() >= SHORTEST_LINE)
                        .forEach(hidden::add);
            }
        }
        // The longest first: a part of it must not leave the rest to be read.
        return hidden.isEmpty()
                ? NONE
                : new Redactor(hidden.stream()
                        .sorted(Comparator.comparingInt(String::length).reversed())
                        .toList());
    }

    /** The text without secrets. */
    public String clean(String text) {
        var clean = text;
        for (var value : hidden) {
            clean = clean.replace(value, REPLACEMENT);
        }
        return clean;
    }

    /** The outcome with clean logs and failure; the answer itself is the function's and its caller's. */
    public Outcome clean(Outcome outcome) {
        if (hidden.isEmpty()) {
            return outcome;
        }
        var later = outcome.later();
        var report = outcome.report();
        var logs = report.logs().stream()
                .map(line -> new LogLine(line.millis(), line.level(), clean(line.text())))
                .toList();
        var result = outcome.result() instanceof Outcome.Result.Failed(Failure failure)
                ? new Outcome.Result.Failed(new Failure(
                        failure.kind(),
                        failure.name(),
                        clean(failure.message()),
                        clean(failure.stack()),
                        failure.file(),
                        failure.line(),
                        failure.column()))
                : outcome.result();
        return new Outcome(result, report.withLogs(logs), later == null ? null : later.map(this::clean));
    }
}
