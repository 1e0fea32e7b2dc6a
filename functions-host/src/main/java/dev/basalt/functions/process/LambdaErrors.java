package dev.basalt.functions.process;

import dev.basalt.functions.runtime.Failure;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Reads what runtime clients report as errors: {@code {errorType, errorMessage, stackTrace | trace}}. */
final class LambdaErrors {
    private static final int MAX_MESSAGE = 8_000;
    private static final int MAX_LINES = 50;

    private LambdaErrors() {}

    /** @param header the type as the header names it, for a body that names none */
    static Failure failure(Buffer body, String header) {
        try {
            JsonObject json = body.toJsonObject();
            String type = text(json.getValue("errorType", header));
            return new Failure(kind(type), type, text(json.getValue("errorMessage", "")), stack(json), null, 0, 0);
        } catch (DecodeException | ClassCastException e) {
            return new Failure(kind(header), header, text(body.toString()), "", null, 0, 0);
        }
    }

    private static Failure.Kind kind(String type) {
        return switch (type) {
            case "Runtime.UserCodeSyntaxError", "Runtime.ImportModuleError" -> Failure.Kind.COMPILE;
            case "Runtime.HandlerNotFound", "Runtime.MalformedHandlerName" -> Failure.Kind.NO_HANDLER;
            default -> Failure.Kind.EXCEPTION;
        };
    }

    private static String stack(JsonObject json) {
        Object trace = json.containsKey("stackTrace") ? json.getValue("stackTrace") : json.getValue("trace");
        if (!(trace instanceof JsonArray array)) {
            return "";
        }
        List<String> lines = new ArrayList<>();
        for (Object line : array) {
            if (lines.size() == MAX_LINES) {
                break;
            }
            lines.add(String.valueOf(line).stripTrailing());
        }
        return text(String.join("\n", lines));
    }

    private static String text(Object value) {
        String text = String.valueOf(value);
        return text.length() > MAX_MESSAGE ? text.substring(0, MAX_MESSAGE) : text;
    }
}
