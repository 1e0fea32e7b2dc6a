package dev.basalt.data.documents.read;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of documents, in order. Immutable.
 *
 * @param cursor where the next page begins, or null after the last
 * @param count how many documents match, or null if nobody asked
 */
public record DocumentPage(
        List<Item> items, @Nullable String cursor, @Nullable Long count) {
    public DocumentPage {
        items = List.copyOf(items);
    }

    /** A document as clients see it. */
    public record Item(String path, long version, String envelope) {}

    /** {@code {"documents": […], "cursor": "…", "count": n}}, without what there is not. */
    Buffer toJson() {
        var json = Buffer.buffer("{\"documents\":[");
        for (int i = 0; i < items.size(); i++) {
            json.appendString(i == 0 ? "" : ",").appendString(items.get(i).envelope());
        }
        json.appendString("]");
        if (cursor != null) {
            json.appendString(",\"cursor\":\"").appendString(cursor).appendString("\"");
        }
        if (count != null) {
            json.appendString(",\"count\":").appendString(count.toString());
        }
        return json.appendString("}");
    }
}
