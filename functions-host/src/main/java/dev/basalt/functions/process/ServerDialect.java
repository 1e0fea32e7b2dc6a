package dev.basalt.functions.process;

import dev.basalt.functions.forward.HttpForwarder;
import dev.basalt.functions.forward.Reader;
import dev.basalt.functions.runtime.Artifact;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.kit.function.FunctionManifest;
import io.vertx.core.Future;
import java.util.Optional;

/** How a server inside a process is spoken to. */
interface ServerDialect {
    /** What has to be said before the first call; answers why the server can't run the function, if it can't. */
    default Future<Optional<Failure>> init() {
        return Future.succeededFuture(Optional.empty());
    }

    /** Completes at the answer's end; of one that flows the reader hears before. */
    Future<Outcome.Result> call(Call call, Reader reader);

    /** Whether requests go to such a function as they are; otherwise they become JSON. Azure's functions say so in a file. */
    static boolean streams(FunctionManifest manifest) {
        return switch (manifest.signature()) {
            case FUNCTIONS_FRAMEWORK -> true;
            case BASALT -> manifest.runtime().equals("provided");
            case LAMBDA, OPENWHISK, KUBELESS, AZURE -> false;
        };
    }

    /** The dialect of the function's signature. */
    static ServerDialect of(FunctionVersion function, Artifact artifact, HttpForwarder server) {
        return switch (function.manifest().signature()) {
            case OPENWHISK -> new OpenWhiskDialect(function, server);
            case AZURE -> new AzureDialect(function, artifact, server);
            case BASALT, FUNCTIONS_FRAMEWORK, LAMBDA, KUBELESS ->
                (call, reader) -> server.call(call.invocation, reader);
        };
    }
}
