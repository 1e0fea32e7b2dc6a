package dev.basalt.functions.signature;

import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Outcome.Result.HttpAnswer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Apache OpenWhisk: {@code main(params)}, and web actions. Parameters are the query's, then the body's; {@code __ow_*} says what
 * else the request was, and can't be set from outside. An answer with {@code statusCode}, {@code headers} or {@code body} is a
 * response, one with {@code error} an error, any other a JSON body.
 */
public final class OpenWhiskPayloads implements Payloads {
    private static final String RESERVED = "__ow_";

    @Override
    public JsonObject request(FunctionVersion function, Invocation.Http request) {
        var parts = RequestParts.of(request);
        var parameters = new JsonObject();
        parts.parameters().forEach((name, values) -> put(parameters, name, values.getLast()));
        if (parts.body().length() > 0) {
            body(parts, parameters);
        }
        var headers = new JsonObject();
        parts.headers().forEach(headers::put);
        parameters
                .put("__ow_method", parts.method().toLowerCase(Locale.ROOT))
                .put("__ow_headers", headers)
                .put("__ow_path", parts.path().equals("/") ? "" : parts.path())
                .put("__ow_query", parts.query());
        if (request.context().json().getValue("caller") instanceof JsonObject caller
                && caller.getValue("id") instanceof String id) {
            parameters.put("__ow_user", id);
        }
        return parameters;
    }

    private static void body(RequestParts parts, JsonObject parameters) {
        if (parts.json().orElse(null) instanceof JsonObject object) {
            object.forEach(entry -> put(parameters, entry.getKey(), entry.getValue()));
        } else if (!parts.form().isEmpty()) {
            parts.form().forEach((name, values) -> put(parameters, name, values.getLast()));
        } else {
            parameters.put("__ow_body", parts.text().orElseGet(parts::base64));
        }
    }

    private static void put(JsonObject parameters, String name, Object value) {
        if (!name.startsWith(RESERVED)) {
            parameters.put(name, value);
        }
    }

    @Override
    public JsonObject event(FunctionVersion function, Invocation.Event event) {
        return event.event();
    }

    @Override
    public HttpAnswer response(Buffer answer) throws BadAnswerException {
        if (!(Answers.decode(answer) instanceof JsonObject object)) {
            throw new BadAnswerException("an action answers a JSON object");
        }
        if (object.containsKey("error")) {
            return error(object.getValue("error"));
        }
        if (object.containsKey("statusCode") || object.containsKey("headers") || object.containsKey("body")) {
            return structured(object, 200);
        }
        return Answers.json(200, answer);
    }

    private static HttpAnswer error(Object error) throws BadAnswerException {
        return error instanceof JsonObject object && (object.containsKey("statusCode") || object.containsKey("body"))
                ? structured(object, 400)
                : Answers.json(400, new JsonObject().put("error", error).toBuffer());
    }

    private static HttpAnswer structured(JsonObject answer, int fallback) throws BadAnswerException {
        List<Map.Entry<String, String>> headers = Answers.list();
        Answers.headers(answer.getValue("headers"), headers);
        var value = answer.getValue("body");
        var type = headers.stream()
                .filter(header -> header.getKey().equalsIgnoreCase("content-type"))
                .map(header -> RequestParts.mediaType(header.getValue()))
                .findFirst();
        Buffer body;
        if (value instanceof String && type.isPresent() && !RequestParts.isText(type.get())) {
            body = Answers.base64(value);
        } else {
            body = Answers.body(value);
        }
        if (type.isEmpty() && body.length() > 0) {
            headers.add(Map.entry(
                    "content-type", value instanceof String ? "text/html; charset=UTF-8" : "application/json"));
        }
        var status = answer.containsKey("statusCode")
                ? Answers.status(answer.getValue("statusCode"))
                : body.length() == 0 && fallback == 200 ? 204 : fallback;
        return new HttpAnswer(status, headers, body);
    }
}
