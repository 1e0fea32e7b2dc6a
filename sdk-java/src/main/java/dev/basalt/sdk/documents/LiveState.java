package dev.basalt.sdk.documents;

import com.fasterxml.jackson.databind.JsonNode;
import dev.basalt.sdk.error.TransportException;
import dev.basalt.sdk.http.EventStream;
import dev.basalt.sdk.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The documents of a live query, as the events that came make them. For one thread at a time. */
final class LiveState<T> {
    private final Class<T> type;
    private List<Document<T>> documents = List.of();
    private @Nullable String id;

    LiveState(Class<T> type) {
        this.type = type;
    }

    List<Document<T>> documents() {
        return documents;
    }

    /** What the server calls this state; {@code null} before the first. */
    @Nullable
    String id() {
        return id;
    }

    /**
     * Takes an event; others than snapshots and changes mean nothing.
     *
     * @throws TransportException if it is none of a live query, or a document is none of the type
     */
    void take(EventStream.Event event) {
        switch (event.name()) {
            case "snapshot" -> documents = Document.listOf(json(event).path("documents"), type, null);
            case "change" -> documents = changed(json(event).path("changes"));
            default -> {
                return;
            }
        }
        id = event.id();
    }

    /** Takes out what is removed or modified, then puts in what is added or modified, each at its place. */
    private List<Document<T>> changed(JsonNode changes) {
        Set<String> out = new HashSet<>();
        for (JsonNode change : changes) {
            JsonNode path = change.path("type").asText().equals("removed")
                    ? change.path("path")
                    : change.path("document").path("path");
            out.add(path.asText());
        }
        var now = new ArrayList<>(documents);
        now.removeIf(document -> out.contains(document.path()));
        for (JsonNode change : changes) {
            if (!change.has("document")) continue;
            int index = change.path("index").asInt(-1);
            if (index < 0 || index > now.size()) throw invalid("A change has no place", null);
            now.add(index, Document.of(change.path("document"), type, null));
        }
        return List.copyOf(now);
    }

    private static JsonNode json(EventStream.Event event) {
        try {
            return Json.parsed(event.data().getBytes(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException notJson) {
            throw invalid("An event is not JSON", notJson);
        }
    }

    private static TransportException invalid(String why, @Nullable Throwable cause) {
        return new TransportException(TransportException.Reason.INVALID_ANSWER, why, null, cause);
    }
}
