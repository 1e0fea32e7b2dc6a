package dev.basalt.functions.signature;

import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.kit.function.Signature;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * The JSON by which handlers of one convention are called. Implementations hold nothing.
 */
public interface Payloads {
    /** What a handler gets for a request. */
    JsonObject request(FunctionVersion function, Invocation.Http request);

    /** What a handler gets for an event or a hook. */
    JsonObject event(FunctionVersion function, Invocation.Event event);

    /**
     * The response that a handler's answer to a request means.
     *
     * @throws BadAnswerException where it means none
     */
    Outcome.Result.HttpAnswer response(Buffer answer) throws BadAnswerException;

    /** An answer that the convention does not know. */
    final class BadAnswerException extends Exception {
        BadAnswerException(String message) {
            super(message, null, false, false);
        }
    }

    /** The convention's payloads, where it has any: some are spoken over HTTP alone. */
    static Optional<Payloads> of(Signature signature) {
        return switch (signature) {
            case LAMBDA -> Optional.of(new LambdaPayloads());
            case OPENWHISK -> Optional.of(new OpenWhiskPayloads());
            case KUBELESS -> Optional.of(new KubelessPayloads());
            case BASALT, FUNCTIONS_FRAMEWORK, AZURE -> Optional.empty();
        };
    }

    /** What to call a handler with. */
    default JsonObject of(FunctionVersion function, Invocation invocation) {
        return switch (invocation) {
            case Invocation.Http request -> request(function, request);
            case Invocation.Event event -> event(function, event);
        };
    }
}
