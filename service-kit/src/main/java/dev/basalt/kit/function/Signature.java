package dev.basalt.kit.function;

import java.util.Locale;
import java.util.Optional;

/** The convention by which a function's code is called. */
public enum Signature {
    /** {@code fetch(request, env, ctx)} and {@code onEvent(event, ctx)}; over HTTP, requests and CloudEvents. */
    BASALT,
    /** {@code handler(event, context)} by the Lambda Runtime API. */
    LAMBDA,
    /** {@code main(params)}, or a container's {@code /init} and {@code /run}. */
    OPENWHISK,
    /** {@code handler(event, context)} with the event's {@code data} and {@code extensions}. */
    KUBELESS,
    /** What Google's Functions Framework and its Java invoker load. */
    FUNCTIONS_FRAMEWORK,
    /** An HTTP server on a port that it is given: an Azure custom handler. */
    AZURE;

    /** The name in manifests. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Signature> labelled(String label) {
        for (var signature : values()) {
            if (signature.label().equals(label)) {
                return Optional.of(signature);
            }
        }
        return Optional.empty();
    }
}
