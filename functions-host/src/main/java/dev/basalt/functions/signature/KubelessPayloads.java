package dev.basalt.functions.signature;

import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Outcome.Result.HttpAnswer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Kubeless: {@code handler(event, context)}. A request's body is {@code event.data}, parsed where it is JSON; {@code
 * event.extensions.request} says what else it was. An answer that is a text is the body, any other a JSON body.
 */
public final class KubelessPayloads implements Payloads {
    @Override
    public JsonObject request(FunctionVersion function, Invocation.Http request) {
        var parts = RequestParts.of(request);
        var headers = new JsonObject();
        parts.headers().forEach(headers::put);
        var query = new JsonObject();
        parts.parameters().forEach((name, values) -> query.put(name, values.getLast()));
        var data = parts.json().orElseGet(() -> parts.text().orElseGet(parts::base64));
        var payload = payload(
                function,
                request,
                data,
                parts.header("event-type"),
                parts.header("event-id"),
                parts.header("event-time"));
        var asked = new JsonObject()
                .put("method", parts.method())
                .put("path", parts.path())
                .put("query", query)
                .put("headers", headers);
        payload.getJsonObject("event").put("extensions", new JsonObject().put("request", asked));
        return payload;
    }

    @Override
    public JsonObject event(FunctionVersion function, Invocation.Event event) {
        var given = event.event();
        return payload(
                function,
                event,
                given.containsKey("data") ? given.getValue("data") : given,
                given.getString("type", ""),
                String.valueOf(given.getValue("id", event.context().values().getString("requestId", ""))),
                String.valueOf(given.getValue("time", Instant.now().toString())));
    }

    private static JsonObject payload(
            FunctionVersion function, Invocation invocation, Object data, String type, String id, String time) {
        var event = new JsonObject()
                .put("data", data)
                .put("event-id", id)
                .put("event-type", type)
                .put("event-time", time)
                .put("event-namespace", invocation.context().values().getString("project", function.project()));
        var context = new JsonObject()
                .put("function-name", function.name())
                .put("timeout", invocation.timeout().toSeconds())
                .put("runtime", function.manifest().runtime())
                .put("memory-limit", function.manifest().memoryMb() + "M");
        return new JsonObject().put("event", event).put("context", context);
    }

    @Override
    public HttpAnswer response(Buffer answer) throws BadAnswerException {
        return switch (Answers.decode(answer)) {
            case null -> new HttpAnswer(200, List.of(), Buffer.buffer());
            case String text ->
                new HttpAnswer(
                        200, List.of(Map.entry("content-type", "text/plain; charset=utf-8")), Buffer.buffer(text));
            default -> Answers.json(200, answer);
        };
    }
}
