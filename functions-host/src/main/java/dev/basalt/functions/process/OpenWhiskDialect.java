package dev.basalt.functions.process;

import dev.basalt.functions.forward.HttpForwarder;
import dev.basalt.functions.forward.Reader;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Outcome.Result;
import dev.basalt.functions.signature.OpenWhiskPayloads;
import dev.basalt.functions.signature.Payloads;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;

/** The container protocol of Apache OpenWhisk: {@code POST /init} once, {@code POST /run} for each call. */
final class OpenWhiskDialect implements ServerDialect {
    private static final Duration INIT_TIMEOUT = Duration.ofSeconds(60);

    private final FunctionVersion function;
    private final HttpForwarder server;
    private final Payloads payloads = new OpenWhiskPayloads();

    OpenWhiskDialect(FunctionVersion function, HttpForwarder server) {
        this.function = function;
        this.server = server;
    }

    @Override
    public Future<Optional<Failure>> init() {
        // The code is in the container already, as with OpenWhisk's "blackbox" actions.
        JsonObject value = new JsonObject()
                .put("name", function.name())
                .put("main", function.manifest().handler().orElse("main"))
                .put("code", "")
                .put("binary", false)
                .put("env", new JsonObject());
        return server.post("/init", new JsonObject().put("value", value), INIT_TIMEOUT)
                .map(result -> {
                    if (result instanceof Result.Failed failed) {
                        return Optional.of(failed.failure());
                    }
                    return result instanceof Result.HttpAnswer answer && answer.status() != 200
                            ? Optional.of(Failure.of(
                                    Failure.Kind.EXCEPTION, "/init answered " + answer.status() + ": " + answer.body()))
                            : Optional.empty();
                });
    }

    @Override
    public Future<Result> call(Call call, Reader reader) {
        Invocation invocation = call.invocation;
        long deadline = System.currentTimeMillis() + invocation.timeout().toMillis();
        JsonObject run = new JsonObject()
                .put("value", payloads.of(function, invocation))
                .put("namespace", function.project())
                .put("action_name", "/" + function.project() + "/" + function.name())
                .put("activation_id", call.id.replace("-", ""))
                .put("deadline", Long.toString(deadline));
        return server.post("/run", run, invocation.timeout())
                .map(result -> result instanceof Result.HttpAnswer answer ? read(invocation, answer) : result);
    }

    private Result read(Invocation invocation, Result.HttpAnswer answer) {
        if (answer.status() != 200) {
            return new Result.Failed(
                    Failure.of(Failure.Kind.EXCEPTION, "/run answered " + answer.status() + ": " + answer.body()));
        }
        return PayloadAnswers.result(payloads, invocation, answer.body());
    }
}
