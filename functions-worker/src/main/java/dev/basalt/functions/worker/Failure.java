package dev.basalt.functions.worker;

import com.caoccao.javet.exceptions.BaseJavetScriptingException;
import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.exceptions.JavetScriptingError;
import org.jspecify.annotations.Nullable;

/**
 * Why a load or an invocation failed, as the host gets it.
 *
 * @param kind one of {@code compile, exception, timeout, memory, stalled, internal}
 * @param line from 1, or 0 where unknown
 */
record Failure(
        String kind, String name, String message, @Nullable String file, int line, int column, String stack) {
    private static final int MAX_NAME = 200;
    private static final int MAX_MESSAGE = 8192;
    private static final int MAX_STACK = 32_768;

    Failure {
        name = cut(name, MAX_NAME);
        message = cut(message, MAX_MESSAGE);
        stack = cut(stack, MAX_STACK);
    }

    private static String cut(String text, int most) {
        return text.length() > most ? text.substring(0, most) + "..." : text;
    }

    static Failure of(String kind, String message) {
        return new Failure(kind, "Error", message, null, 0, 0, "");
    }

    static Failure of(String kind, JavetException exception) {
        if (exception instanceof BaseJavetScriptingException scripting) {
            JavetScriptingError error = scripting.getScriptingError();
            String message = String.valueOf(error.getMessage());
            int colon = message.indexOf(": ");
            boolean named = colon > 0 && message.substring(0, colon).endsWith("Error");
            return new Failure(
                    kind,
                    named ? message.substring(0, colon) : "Error",
                    named ? message.substring(colon + 2) : message,
                    error.getResourceName(),
                    error.getLineNumber(),
                    error.getStartColumn() + 1,
                    error.getStack() == null ? "" : error.getStack());
        }
        return of(kind, String.valueOf(exception.getMessage()));
    }

    /** What ended a step of an instance. */
    static Failure of(Throwable thrown) {
        return switch (thrown) {
            case FailedException failed -> failed.failure();
            case JavetException javet -> of("exception", javet);
            default -> of("internal", String.valueOf(thrown));
        };
    }

    String toJson() {
        StringBuilder out = new StringBuilder(256).append("{\"kind\":");
        Json.quote(out, kind);
        Json.quote(out.append(",\"name\":"), name);
        Json.quote(out.append(",\"message\":"), message);
        Json.quote(out.append(",\"stack\":"), stack);
        if (file != null) {
            Json.quote(out.append(",\"file\":"), file);
            out.append(",\"line\":").append(line).append(",\"column\":").append(column);
        }
        return out.append('}').toString();
    }
}
