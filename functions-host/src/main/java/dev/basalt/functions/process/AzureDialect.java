package dev.basalt.functions.process;

import dev.basalt.functions.forward.HttpForwarder;
import dev.basalt.functions.forward.Reader;
import dev.basalt.functions.runtime.Artifact;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Outcome.LogLine;
import dev.basalt.functions.runtime.Outcome.Result;
import dev.basalt.functions.signature.AzurePayloads;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A custom handler of Azure Functions: {@code POST /<function>} with the triggers' data, or the request as it is, at {@code
 * /api/<function>}, where {@code host.json} says {@code customHandler.enableForwardingHttpRequest}. The variable that names its
 * port is {@link #PORT}.
 */
final class AzureDialect implements ServerDialect {
    static final String PORT = "FUNCTIONS_CUSTOMHANDLER_PORT";

    private static final int INFO = 1;
    private static final int MAX_LINES = 1_000;

    private final FunctionVersion function;
    private final HttpForwarder server;
    private final boolean forwards;

    AzureDialect(FunctionVersion function, Artifact artifact, HttpForwarder server) {
        this.function = function;
        this.server = server;
        this.forwards = forwards(artifact.files().get("host.json"));
    }

    private static boolean forwards(@Nullable Buffer host) {
        try {
            return host != null
                    && host.toJsonObject().getValue("customHandler") instanceof JsonObject handler
                    && Boolean.TRUE.equals(handler.getValue("enableForwardingHttpRequest"));
        } catch (DecodeException | ClassCastException e) {
            return false;
        }
    }

    @Override
    public Future<Result> call(Call call, Reader reader) {
        if (forwards && call.invocation instanceof Invocation.Http request) {
            return server.request(request, "/api/" + function.name(), reader);
        }
        JsonObject payload = AzurePayloads.of(call.invocation);
        return server.post("/" + function.name(), payload, call.invocation.timeout())
                .map(result -> result instanceof Result.HttpAnswer answer ? read(call, answer) : result);
    }

    private static Result read(Call call, Result.HttpAnswer answer) {
        if (answer.status() != 200) {
            return new Result.Failed(
                    Failure.of(Failure.Kind.EXCEPTION, "the custom handler answered " + answer.status()));
        }
        try {
            JsonObject json = answer.body().toJsonObject();
            if (json.getValue("Logs") instanceof JsonArray lines) {
                lines.stream()
                        .limit(MAX_LINES)
                        .forEach(line -> call.logs.add(new LogLine(0, INFO, String.valueOf(line))));
            }
            return AzurePayloads.result(call.invocation, json);
        } catch (DecodeException | ClassCastException e) {
            return new Result.Failed(
                    Failure.of(Failure.Kind.BAD_ANSWER, "the custom handler's answer is not a JSON object"));
        }
    }
}
