package dev.basalt.functions.registry;

import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.KitError;
import dev.basalt.kit.error.ProblemDetails;
import dev.basalt.kit.function.ArtifactFiles;
import dev.basalt.kit.function.FunctionManifest;
import dev.basalt.kit.function.RemoteFunctionHost;
import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiResource;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import dev.basalt.kit.usage.Service;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Base64;
import java.util.HashMap;

/** Checks files for the control plane of another process: {@link RemoteFunctionHost} with the platform key. */
@ApplicationScoped
class CheckResource implements ApiResource {
    private static final long MAX_BODY = 2L * ArtifactFiles.MAX_BYTES;

    private final RuntimeChecker checker;

    @Inject
    CheckResource(RuntimeChecker checker) {
        this.checker = checker;
    }

    @Override
    public void register(ApiRoutes routes) {
        routes.api(Service.FUNCTIONS, RemoteFunctionHost.CHECK, new ProblemDetails())
                .withBodyLimit(MAX_BODY)
                .post("", "function.check", Access.PLATFORM, this::check);
    }

    private Future<Reply> check(Exchange exchange) {
        if (!(exchange.caller() instanceof Caller.Operator)) {
            throw ApiException.of(KitError.FORBIDDEN);
        }
        return exchange.jsonObject().compose(body -> {
            var files = new HashMap<String, Buffer>();
            body.getJsonObject("files")
                    .forEach(file -> files.put(
                            file.getKey(), Buffer.buffer(Base64.getDecoder().decode((String) file.getValue()))));
            return checker.check(FunctionManifest.parse(body.getJsonObject("manifest")), ArtifactFiles.of(files))
                    .map(failure -> Reply.json(
                            200,
                            failure.map(found -> new JsonObject()
                                            .put(
                                                    "failure",
                                                    new JsonObject()
                                                            .put("message", found.message())
                                                            .put("file", found.file())
                                                            .put("line", found.line())
                                                            .put("column", found.column())))
                                    .orElseGet(JsonObject::new)));
        });
    }
}
