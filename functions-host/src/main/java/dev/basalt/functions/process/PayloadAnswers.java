package dev.basalt.functions.process;

import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Outcome.Result;
import dev.basalt.functions.signature.Payloads;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;

/** Reads a handler's answer: a response to a request, a value to an event. */
final class PayloadAnswers {
    private PayloadAnswers() {}

    static Result result(Payloads payloads, Invocation invocation, Buffer answer) {
        try {
            return switch (invocation) {
                case Invocation.Http request -> payloads.response(answer);
                case Invocation.Event event -> new Result.Value(json(answer));
            };
        } catch (Payloads.BadAnswerException | DecodeException e) {
            return new Result.Failed(Failure.of(Failure.Kind.BAD_ANSWER, String.valueOf(e.getMessage())));
        }
    }

    private static String json(Buffer answer) {
        if (answer.length() == 0) {
            return "null";
        }
        Json.decodeValue(answer);
        return answer.toString();
    }
}
