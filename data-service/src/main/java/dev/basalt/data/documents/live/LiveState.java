package dev.basalt.data.documents.live;

import dev.basalt.data.documents.read.DocumentPage;
import dev.basalt.data.documents.read.DocumentPage.Item;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The documents that a query finds at one moment, and the events that lead to them. Immutable.
 *
 * @param id tells states apart: a hash of the paths and versions in their order. It is the id of the events that lead here,
 *     and so what a client that lost its connection asks to go on from
 * @param versions of the documents, by path
 */
record LiveState(String id, List<Item> items, Map<String, Long> versions) {
    static final LiveState NOTHING = of(new DocumentPage(List.of(), null, null, null));

    LiveState {
        items = List.copyOf(items);
        versions = Map.copyOf(versions);
    }

    static LiveState of(DocumentPage page) {
        var versions = new HashMap<String, Long>();
        try {
            var hash = MessageDigest.getInstance("SHA-256");
            for (var item : page.items()) {
                versions.put(item.path(), item.version());
                hash.update((item.path() + "\n" + item.version() + "\n").getBytes(StandardCharsets.UTF_8));
            }
            return new LiveState(HexFormat.of().formatHex(hash.digest(), 0, 16), page.items(), versions);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** All of it: {@code {"documents": […]}}. */
    Buffer snapshot() {
        var json = new StringBuilder("{\"documents\":[");
        for (int i = 0; i < items.size(); i++) {
            json.append(i == 0 ? "" : ",").append(items.get(i).envelope());
        }
        return event("snapshot", json.append("]}"));
    }

    /**
     * What leads here from another state: {@code {"changes": [{"type": "removed", "path"}, {"type": "added"|"modified", "index",
     * "document"}]}}. Whoever takes out what is removed or modified, and then puts in what is added or modified in the order of
     * the changes, at its index, has the documents in their order.
     */
    Buffer changes(Map<String, Long> from) {
        var changes = new ArrayList<String>();
        for (var path : from.keySet()) {
            if (!versions.containsKey(path)) {
                changes.add("{\"type\":\"removed\",\"path\":" + Json.encode(path) + "}");
            }
        }
        for (int i = 0; i < items.size(); i++) {
            var item = items.get(i);
            var before = from.get(item.path());
            if (before == null || before != item.version()) {
                changes.add("{\"type\":\"" + (before == null ? "added" : "modified") + "\",\"index\":" + i
                        + ",\"document\":" + item.envelope() + "}");
            }
        }
        return event("change", "{\"changes\":[" + String.join(",", changes) + "]}");
    }

    /** JSON that PostgreSQL wrote has no line breaks, so an event's data is one line. */
    private Buffer event(String name, CharSequence json) {
        return Buffer.buffer("event: " + name + "\nid: " + id + "\ndata: " + json + "\n\n");
    }
}
