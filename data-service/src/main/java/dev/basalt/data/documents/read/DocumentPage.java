package dev.basalt.data.documents.read;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of documents, in order. Immutable.
 *
 * @param cursor where the next page begins, or null after the last
 * @param count how many documents match, or null if nobody asked
 * @param hint {@code {"message": "…", "index": {…}}} where an index would spare looking through the collection, or null
 */
public record DocumentPage(
        List<Item> items,
        @Nullable String cursor,
        @Nullable Long count,
        @Nullable JsonObject hint) {
    public DocumentPage {
        items = List.copyOf(items);
    }

    /** A document as clients see it. */
    public record Item(String path, long version, String envelope) {}

    /** This page with a hint. */
    DocumentPage with(JsonObject advice) {
        return new DocumentPage(items, cursor, count, advice);
    }

    /** {@code {"documents": […], "cursor": "…", "count": n, "hint": {…}}}, without what there is not. */
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
        if (hint != null) {
            json.appendString(",\"hint\":").appendString(hint.encode());
        }
        return json.appendString("}");
    }
}
