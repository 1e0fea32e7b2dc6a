package dev.basalt.functions.signature;

import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Outcome.Result;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Custom handlers of Azure Functions: {@code {Data, Metadata}} to {@code {Outputs, Logs, ReturnValue}}. A request is the input
 * binding {@code req}, its response the output binding {@code res} or the return value; an event is the input binding {@code
 * event}, its answer the return value.
 */
public final class AzurePayloads {
    private AzurePayloads() {}

    /** What a custom handler is posted. */
    public static JsonObject of(Invocation invocation) {
        var data = switch (invocation) {
            case Invocation.Http request -> new JsonObject().put("req", request(request));
            case Invocation.Event event -> new JsonObject().put("event", event.event());
        };
        var metadata = new JsonObject()
                .put(
                        "sys",
                        new JsonObject()
                                .put("RandGuid", invocation.context().values().getString("requestId", "")));
        return new JsonObject().put("Data", data).put("Metadata", metadata);
    }

    private static JsonObject request(Invocation.Http request) {
        var parts = RequestParts.of(request);
        var headers = new JsonObject();
        parts.headers().forEach((name, value) -> headers.put(name, new JsonArray().add(value)));
        var query = new JsonObject();
        parts.parameters().forEach((name, values) -> query.put(name, values.getLast()));
        return new JsonObject()
                .put("Url", request.url())
                .put("Method", parts.method())
                .put("Query", query)
                .put("Headers", headers)
                .put("Params", new JsonObject())
                .put("Body", parts.text().orElseGet(parts::base64));
    }

    /** What a custom handler's answer means. */
    public static Result result(Invocation invocation, JsonObject answer) {
        var returned = answer.getValue("ReturnValue");
        if (invocation instanceof Invocation.Event) {
            return new Result.Value(Json.encode(returned));
        }
        var outputs = answer.getValue("Outputs");
        var output = outputs instanceof JsonObject given && given.containsKey("res") ? given.getValue("res") : returned;
        try {
            return response(output);
        } catch (Payloads.BadAnswerException e) {
            return new Result.Failed(Failure.of(Failure.Kind.BAD_ANSWER, String.valueOf(e.getMessage())));
        }
    }

    private static Result response(@Nullable Object output) throws Payloads.BadAnswerException {
        var headers = Answers.list();
        if (!(output instanceof JsonObject response)) {
            headers.add(Map.entry("content-type", "text/plain; charset=utf-8"));
            return new Result.HttpAnswer(200, headers, Answers.body(output));
        }
        Answers.headers(response.getValue("headers"), headers);
        var value = response.getValue("body");
        var body = Answers.body(value);
        if (!Answers.has(headers, "content-type") && body.length() > 0) {
            headers.add(Map.entry(
                    "content-type", value instanceof String ? "text/plain; charset=utf-8" : "application/json"));
        }
        var status = response.getValue("statusCode", response.getValue("status", 200));
        return new Result.HttpAnswer(Answers.status(status), headers, body);
    }
}
