package dev.basalt.data.rest;

import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiResource;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import dev.basalt.kit.usage.Service;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** {@code /rest/v1/rpc/{function}}. */
@ApplicationScoped
class RpcResource implements ApiResource {
    private static final String PATH = "/rpc/:function";
    private static final String OPERATION = "rest.rpc";

    private final RestCalls calls;
    private final long bodyLimit;

    @Inject
    RpcResource(RestCalls calls, RestConfig config) {
        this.calls = calls;
        this.bodyLimit = config.bodyLimit().asLongValue();
    }

    @Override
    public void register(ApiRoutes routes) {
        routes.api(Service.DATA, "/rest/v1", new RestDialect())
                .withBodyLimit(bodyLimit)
                .get(PATH, OPERATION, Access.KEY, this::answer)
                .route(HttpMethod.HEAD, PATH, OPERATION, Access.KEY, this::answer)
                .post(PATH, OPERATION, Access.KEY, this::answer)
                .put(PATH, OPERATION, Access.KEY, this::answer)
                .patch(PATH, OPERATION, Access.KEY, this::answer)
                .delete(PATH, OPERATION, Access.KEY, this::answer);
    }

    private Future<Reply> answer(Exchange exchange) {
        return calls.function(RestCall.of(exchange, exchange.path("function")));
    }
}
