package dev.basalt.functions.lambda;

import dev.basalt.functions.invoke.AcceptedInvocation;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.http.Reply;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * Words how an invocation ended as Lambda does: a function's failure is 200 with {@code X-Amz-Function-Error} and
 * {@code {errorType, errorMessage, trace}}; a failure of the host is an error of the API. Stateless.
 */
final class LambdaAnswer {
    private static final int LOG_BYTES = 4096;
    private static final List<String> LEVELS = List.of("DEBUG", "INFO", "WARN", "ERROR");
    private static final int MICROS_IN_MILLI = 1000;
    private static final int KIB_IN_MIB = 1024;

    private LambdaAnswer() {}

    /** Throws {@link LambdaError} where the function did not come to run. */
    static Reply of(AcceptedInvocation accepted, int version, int memoryMb, Outcome outcome, boolean withLog) {
        var reply = switch (outcome.result()) {
            case Outcome.Result.Value(String json) -> Reply.json(200, Buffer.buffer(json));
            case Outcome.Result.Failed(Failure failure) -> failed(failure);
            case Outcome.Result.HttpAnswer _, Outcome.Result.HttpStream _ -> throw ApiException.of(LambdaError.SERVICE);
        };
        var named = reply.with("X-Amz-Executed-Version", Integer.toString(version))
                .with("x-amzn-RequestId", accepted.id().toString());
        return withLog
                ? named.with("X-Amz-Log-Result", tail(accepted.id().toString(), version, memoryMb, outcome.report()))
                : named;
    }

    private static Reply failed(Failure failure) {
        var body = switch (failure.kind()) {
            case EXCEPTION, COMPILE ->
                new JsonObject()
                        .put("errorType", failure.name())
                        .put("errorMessage", failure.message())
                        .put("trace", new JsonArray(failure.stack().lines().toList()));
            case TIMEOUT -> error("Sandbox.Timedout", failure);
            case MEMORY -> error("Runtime.OutOfMemory", failure);
            case CRASHED -> error("Runtime.ExitError", failure);
            case NO_HANDLER -> error("Runtime.HandlerNotFound", failure);
            case STALLED -> error("Runtime.NodeJsExit", failure);
            case BAD_ANSWER -> error("Runtime.MarshalError", failure);
            case TOO_LARGE -> error("Function.ResponseSizeTooLarge", failure);
            case OVER_BUDGET -> throw ApiException.of(LambdaError.TOO_MANY_REQUESTS);
            case OVERLOADED ->
                throw ApiException.of(LambdaError.TOO_MANY_REQUESTS).withHeader("Retry-After", "1");
            case UNAVAILABLE, INTERNAL, CANCELLED ->
                throw ApiException.caused(LambdaError.SERVICE, new IllegalStateException(failure.message()));
        };
        return Reply.json(200, body.toBuffer()).with("X-Amz-Function-Error", "Unhandled");
    }

    private static JsonObject error(String type, Failure failure) {
        return new JsonObject().put("errorType", type).put("errorMessage", failure.message());
    }

    /** The last of the log in Base64, between the lines that Lambda writes around it. */
    private static String tail(String id, int version, int memoryMb, Outcome.Report report) {
        var log = new StringBuilder("START RequestId: " + id + " Version: " + version + "\n");
        report.logs()
                .forEach(line -> log.append(LEVELS.get(line.level()))
                        .append('\t')
                        .append(line.text())
                        .append('\n'));
        log.append("END RequestId: ").append(id).append('\n');
        log.append(String.format(
                Locale.ROOT,
                "REPORT RequestId: %s\tDuration: %.2f ms\tBilled Duration: %d ms\tMemory Size: %d MB\tMax Memory Used: %d MB",
                id,
                report.runMicros() / (double) MICROS_IN_MILLI,
                (report.runMicros() + MICROS_IN_MILLI - 1) / MICROS_IN_MILLI,
                memoryMb,
                (report.peakKib() + KIB_IN_MIB - 1) / KIB_IN_MIB));
        if (report.initMicros() > 0) {
            log.append(String.format(
                    Locale.ROOT, "\tInit Duration: %.2f ms", report.initMicros() / (double) MICROS_IN_MILLI));
        }
        var bytes = log.append('\n').toString().getBytes(StandardCharsets.UTF_8);
        return Base64.getEncoder()
                .encodeToString(Arrays.copyOfRange(bytes, Math.max(0, bytes.length - LOG_BYTES), bytes.length));
    }
}
