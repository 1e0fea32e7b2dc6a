package dev.basalt.functions.signature;

import dev.basalt.functions.runtime.HttpFields;
import dev.basalt.functions.runtime.Outcome.Result.HttpAnswer;
import dev.basalt.functions.signature.Payloads.BadAnswerException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds responses from what handlers answer. What they answer is a stranger's and is checked. */
final class Answers {
    private static final int MIN_STATUS = 200;
    private static final int MAX_STATUS = 599;

    private Answers() {}

    static @Nullable Object decode(Buffer answer) throws BadAnswerException {
        try {
            return answer.length() == 0 ? null : Json.decodeValue(answer);
        } catch (DecodeException e) {
            throw new BadAnswerException("the answer is not JSON");
        }
    }

    static HttpAnswer json(int status, Buffer body) {
        return new HttpAnswer(status, List.of(Map.entry("content-type", "application/json")), body);
    }

    static int status(@Nullable Object value) throws BadAnswerException {
        try {
            var status = value instanceof Number number ? number.intValue() : Integer.parseInt(String.valueOf(value));
            if (status >= MIN_STATUS && status <= MAX_STATUS) {
                return status;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new BadAnswerException("statusCode must be a number from 200 to 599");
    }

    /** Adds an object of headers; a value may be a text, a number, a boolean, or a list of them. */
    static void headers(@Nullable Object value, List<Map.Entry<String, String>> into) throws BadAnswerException {
        if (value == null) {
            return;
        }
        if (!(value instanceof JsonObject headers)) {
            throw new BadAnswerException("headers must be an object");
        }
        for (var header : headers) {
            if (header.getValue() instanceof JsonArray several) {
                for (var each : several) {
                    header(header.getKey(), each, into);
                }
            } else {
                header(header.getKey(), header.getValue(), into);
            }
        }
    }

    static void header(String name, @Nullable Object value, List<Map.Entry<String, String>> into)
            throws BadAnswerException {
        var isScalar = value instanceof String || value instanceof Number || value instanceof Boolean;
        if (!isScalar || !HttpFields.isField(name, String.valueOf(value))) {
            throw new BadAnswerException("a header is not a valid one");
        }
        into.add(Map.entry(name, String.valueOf(value)));
    }

    static boolean has(List<Map.Entry<String, String>> headers, String name) {
        return headers.stream().anyMatch(header -> header.getKey().equalsIgnoreCase(name));
    }

    /** A body as a text, or as JSON where it is anything else. */
    static Buffer body(@Nullable Object value) {
        return switch (value) {
            case null -> Buffer.buffer();
            case String text -> Buffer.buffer(text);
            default -> Buffer.buffer(Json.encode(value));
        };
    }

    static Buffer base64(@Nullable Object value) throws BadAnswerException {
        try {
            return Buffer.buffer(Base64.getDecoder().decode(value == null ? "" : String.valueOf(value)));
        } catch (IllegalArgumentException e) {
            throw new BadAnswerException("the body is not Base64");
        }
    }

    static List<Map.Entry<String, String>> list() {
        return new ArrayList<>();
    }
}
