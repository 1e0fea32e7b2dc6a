package dev.basalt.functions.forward;

import dev.basalt.functions.runtime.Invocation;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * An event in the binary content mode of CloudEvents 1.0 over HTTP: its attributes are headers, its data is the body. What is
 * not a CloudEvent yet, a hook's event, becomes one of type {@code dev.basalt.hook.<type>}.
 */
record CloudEventMessage(List<Map.Entry<String, String>> headers, Buffer body) {
    private static final Set<String> NO_ATTRIBUTES = Set.of("data", "data_base64", "datacontenttype");

    static CloudEventMessage of(Invocation.Event invocation) {
        JsonObject event = invocation.event();
        return event.containsKey("specversion") ? message(event) : message(hook(invocation));
    }

    private static JsonObject hook(Invocation.Event invocation) {
        JsonObject event = invocation.event();
        return new JsonObject()
                .put("specversion", "1.0")
                .put("id", invocation.context().values().getString("requestId", ""))
                .put("type", "dev.basalt.hook." + event.getString("type", "event"))
                .put("source", "/" + event.getString("schema", "") + "/" + event.getString("table", ""))
                .put("time", Instant.now().toString())
                .put("data", event);
    }

    private static CloudEventMessage message(JsonObject event) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (Map.Entry<String, Object> attribute : event) {
            if (!NO_ATTRIBUTES.contains(attribute.getKey()) && attribute.getValue() != null) {
                headers.add(Map.entry(
                        "ce-" + attribute.getKey().toLowerCase(Locale.ROOT),
                        encoded(String.valueOf(attribute.getValue()))));
            }
        }
        headers.add(Map.entry("Content-Type", event.getString("datacontenttype", "application/json")));
        Object data = event.getValue("data");
        return new CloudEventMessage(headers, data == null ? Buffer.buffer() : Buffer.buffer(Json.encode(data)));
    }

    /** Percent-encodes what a header can't hold (CloudEvents over HTTP, section 3.1.3.2). */
    private static String encoded(String value) {
        StringBuilder text = new StringBuilder(value.length());
        for (byte each : value.getBytes(StandardCharsets.UTF_8)) {
            if (each <= ' ' || each == '"' || each == '%' || each == 0x7f) {
                text.append('%').append(HexFormat.of().withUpperCase().toHexDigits(each));
            } else {
                text.append((char) each);
            }
        }
        return text.toString();
    }
}
