package dev.basalt.data.rest;

import dev.basalt.kit.http.Reply;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer of one request of a batch. Used by one event loop.
 *
 * <p>Its body is only parsed when a later request refers to it; the client gets the bytes as they are.
 */
final class BatchAnswer {
    private static final String CONTENT_TYPE = "content-type";

    private final int status;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final @Nullable Buffer body;
    private @Nullable Object parsed;

    private BatchAnswer(Reply reply, @Nullable Buffer body) {
        this.status = reply.status();
        this.body = body;
        for (var header : reply.headers()) {
            headers.merge(
                    header.getKey().toString().toLowerCase(Locale.ROOT),
                    header.getValue().toString(),
                    (one, other) -> one + ", " + other);
        }
    }

    static BatchAnswer of(Reply reply) {
        return new BatchAnswer(
                reply,
                switch (reply.body()) {
                    case Reply.Body.None _ -> null;
                    case Reply.Body.Bytes bytes -> bytes.buffer();
                    case Reply.Body.Stream _, Reply.Body.Blob _ ->
                        throw new IllegalArgumentException("tables and functions answer from memory");
                });
    }

    int size() {
        return body == null ? 0 : body.length();
    }

    /** {@code status}, {@code headers} or {@code body}; null if it is none of them or there is no body. */
    @Nullable
    Object member(String name) {
        return switch (name) {
            case "status" -> status;
            case "headers" -> headers;
            case "body" -> body();
            default -> null;
        };
    }

    private @Nullable Object body() {
        if (parsed == null && body != null) {
            parsed = isJson() ? ExactJson.value(body.toString()) : body.toString();
        }
        return parsed;
    }

    private boolean isJson() {
        var type = headers.getOrDefault(CONTENT_TYPE, "");
        var essence = type.split(";", 2)[0].strip();
        return essence.equals("application/json") || essence.endsWith("+json");
    }

    /** Appends {@code {"status":…,"headers":{…},"body":…}}; a body that is no JSON is a string. */
    void writeTo(Buffer out) {
        out.appendString("{\"status\":" + status + ",\"headers\":" + ExactJson.text(headers) + ",\"body\":");
        if (body == null) {
            out.appendString("null");
        } else if (isJson()) {
            out.appendBuffer(body);
        } else {
            out.appendString(ExactJson.text(body.toString()));
        }
        out.appendString("}");
    }
}
