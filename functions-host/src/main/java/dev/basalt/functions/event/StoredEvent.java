package dev.basalt.functions.event;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.OffsetDateTime;
import java.util.UUID;

/** One event as a trigger wrote it, claimed for a delivery. {@code data} must not be modified. */
record StoredEvent(
        UUID id,
        String function,
        String type,
        String source,
        String subject,
        JsonObject data,
        int depth,
        OffsetDateTime createdAt,
        int attempts) {
    /** The type of a call that somebody queued; its data is {@code {payload}}. */
    static final String INVOCATION = "dev.basalt.invocation";

    static StoredEvent of(Row row) {
        return new StoredEvent(
                row.getUUID("id"),
                row.getString("function_name"),
                row.getString("type"),
                row.getString("source"),
                row.getString("subject"),
                (JsonObject) row.getJson("data"),
                row.getInteger("depth"),
                row.getOffsetDateTime("created_at"),
                row.getInteger("attempts"));
    }

    boolean isInvocation() {
        return type.equals(INVOCATION);
    }

    /** What its handler gets: the payload of a queued call as it came, else a CloudEvent. */
    JsonObject handed() {
        return isInvocation() ? data.getJsonObject("payload") : toCloudEvent();
    }

    /** The event as CloudEvents 1.0 has it, in the JSON format. */
    JsonObject toCloudEvent() {
        return new JsonObject()
                .put("specversion", "1.0")
                .put("id", id.toString())
                .put("source", source)
                .put("type", type)
                .put("subject", subject)
                .put("time", createdAt.toInstant().toString())
                .put("datacontenttype", "application/json")
                .put("data", data);
    }
}
