package dev.basalt.functions.signature;

import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Outcome.Result.HttpAnswer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * AWS Lambda: a request is the payload of an API Gateway HTTP API or a function URL, format 2.0; an event is itself. An answer
 * with {@code statusCode} is a response, any other is a JSON body.
 */
public final class LambdaPayloads implements Payloads {
    /** The media type of a streamed answer that begins with its status and headers as JSON and eight zero bytes. */
    public static final String STREAM_WITH_HEAD = "application/vnd.awslambda.http-integration-response";

    private static final int SEPARATOR = 8;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

    @Override
    public JsonObject request(FunctionVersion function, Invocation.Http request) {
        var parts = RequestParts.of(request);
        var headers = new JsonObject();
        parts.headers().forEach((name, value) -> {
            if (!name.equals("cookie")) {
                headers.put(name, value);
            }
        });
        var payload = new JsonObject()
                .put("version", "2.0")
                .put("routeKey", "$default")
                .put("rawPath", parts.path())
                .put("rawQueryString", parts.query())
                .put("headers", headers)
                .put("requestContext", context(function, request, parts));
        var cookies = parts.header("cookie");
        if (!cookies.isEmpty()) {
            payload.put("cookies", new JsonArray(List.of(cookies.split("; *"))));
        }
        if (!parts.query().isEmpty()) {
            var query = new JsonObject();
            parts.parameters().forEach((name, values) -> query.put(name, String.join(",", values)));
            payload.put("queryStringParameters", query);
        }
        var text = parts.text();
        if (parts.body().length() > 0) {
            payload.put("body", text.orElseGet(parts::base64));
        }
        return payload.put("isBase64Encoded", parts.body().length() > 0 && text.isEmpty());
    }

    private static JsonObject context(FunctionVersion function, Invocation.Http request, RequestParts parts) {
        var now = Instant.now();
        var host = parts.host();
        var context = new JsonObject()
                .put("accountId", "anonymous")
                .put("apiId", request.context().values().getString("project", function.project()))
                .put("domainName", host)
                .put("domainPrefix", host.split("\\.", 2)[0])
                .put("requestId", request.context().values().getString("requestId", ""))
                .put("routeKey", "$default")
                .put("stage", "$default")
                .put("time", TIME.format(now))
                .put("timeEpoch", now.toEpochMilli())
                .put(
                        "http",
                        new JsonObject()
                                .put("method", parts.method())
                                .put("path", parts.path())
                                .put("protocol", "HTTP/1.1")
                                .put(
                                        "sourceIp",
                                        parts.header("x-forwarded-for")
                                                .split(",", 2)[0]
                                                .strip())
                                .put("userAgent", parts.header("user-agent")))
                .put("basalt", new JsonObject().put("url", request.url()));
        if (request.context().json().getValue("caller") instanceof JsonObject caller
                && caller.getValue("claims") instanceof JsonObject claims) {
            context.put(
                    "authorizer",
                    new JsonObject()
                            .put("jwt", new JsonObject().put("claims", claims).put("scopes", new JsonArray())));
        }
        return context;
    }

    @Override
    public JsonObject event(FunctionVersion function, Invocation.Event event) {
        return event.event();
    }

    @Override
    public HttpAnswer response(Buffer answer) throws BadAnswerException {
        return Answers.decode(answer) instanceof JsonObject object && object.containsKey("statusCode")
                ? structured(object)
                : Answers.json(200, answer.length() == 0 ? Buffer.buffer("null") : answer);
    }

    private static HttpAnswer structured(JsonObject answer) throws BadAnswerException {
        var head = head(answer);
        var encoded = Boolean.TRUE.equals(answer.getValue("isBase64Encoded"));
        var body = encoded ? Answers.base64(answer.getValue("body")) : Answers.body(answer.getValue("body"));
        if (!Answers.has(head.headers(), "content-type") && body.length() > 0) {
            head.headers().add(Map.entry("content-type", "application/json"));
        }
        return new HttpAnswer(head.status(), head.headers(), body);
    }

    private static HttpAnswer head(JsonObject answer) throws BadAnswerException {
        var headers = Answers.list();
        Answers.headers(answer.getValue("headers"), headers);
        Answers.headers(answer.getValue("multiValueHeaders"), headers);
        if (answer.getValue("cookies") instanceof JsonArray cookies) {
            for (var cookie : cookies) {
                Answers.header("set-cookie", cookie, headers);
            }
        }
        return new HttpAnswer(Answers.status(answer.getValue("statusCode", 200)), headers, Buffer.buffer());
    }

    /** Whether what has come of a streamed answer holds all of its head. */
    public static boolean hasHead(String contentType, Buffer answer) {
        return !contentType.startsWith(STREAM_WITH_HEAD) || separator(answer) >= 0;
    }

    /**
     * The response of a streamed answer, as far as it has come.
     *
     * @param contentType as the runtime client sent it
     */
    public HttpAnswer streamed(String contentType, Buffer answer) throws BadAnswerException {
        if (!contentType.startsWith(STREAM_WITH_HEAD)) {
            var headers = Answers.list();
            Answers.header("content-type", contentType.isEmpty() ? "application/octet-stream" : contentType, headers);
            return new HttpAnswer(200, headers, answer);
        }
        var end = separator(answer);
        if (end < 0) {
            throw new BadAnswerException("the streamed answer has no end of its head");
        }
        try {
            var head = head(answer.slice(0, end).toJsonObject());
            return new HttpAnswer(head.status(), head.headers(), answer.slice(end + SEPARATOR, answer.length()));
        } catch (DecodeException | ClassCastException e) {
            throw new BadAnswerException("the head of the streamed answer is not a JSON object");
        }
    }

    private static int separator(Buffer answer) {
        var zeros = 0;
        for (var i = 0; i < answer.length(); i++) {
            zeros = answer.getByte(i) == 0 ? zeros + 1 : 0;
            if (zeros == SEPARATOR) {
                return i + 1 - SEPARATOR;
            }
        }
        return -1;
    }
}
