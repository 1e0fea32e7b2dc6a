package dev.basalt.functions.build;

import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.KitError;
import dev.basalt.kit.error.ProblemDetails;
import dev.basalt.kit.function.ArtifactFiles;
import dev.basalt.kit.function.BuildWire;
import dev.basalt.kit.function.RemoteFunctionHost;
import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiResource;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import dev.basalt.kit.usage.Service;
import dev.basalt.kit.work.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;

/** Builds sources for the control plane of another process: {@link RemoteFunctionHost} with the platform key. */
@ApplicationScoped
class BuildResource implements ApiResource {
    private static final long MAX_BODY = ArtifactFiles.MAX_BYTES + (4L << 20);

    private final SourceBuilder builder;
    private final Vertx vertx;

    @Inject
    BuildResource(SourceBuilder builder, Vertx vertx) {
        this.builder = builder;
        this.vertx = vertx;
    }

    @Override
    public void register(ApiRoutes routes) {
        routes.api(Service.FUNCTIONS, RemoteFunctionHost.BUILD, new ProblemDetails())
                .withBodyLimit(MAX_BODY)
                .post("", "function.build", Access.PLATFORM, this::build);
    }

    private Future<Reply> build(Exchange exchange) {
        if (!(exchange.caller() instanceof Caller.Operator)) {
            throw ApiException.of(KitError.FORBIDDEN);
        }
        return exchange.body()
                .compose(body -> Blocking.call(vertx, () -> BuildWire.readRequest(body)))
                .compose(asked -> builder.build(asked.manifest(), asked.source()))
                .compose(build -> Blocking.call(vertx, () -> BuildWire.answer(build)))
                .map(answer -> new Reply(
                        200,
                        List.of(Map.entry("content-type", "application/octet-stream")),
                        new Reply.Body.Bytes(answer)));
    }
}
