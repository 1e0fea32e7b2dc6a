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

/** {@code /rest/v1/{table}}. */
@ApplicationScoped
class RestResource implements ApiResource {
    private static final String PATH = "/:table";

    private final RestCalls calls;
    private final long bodyLimit;

    @Inject
    RestResource(RestCalls calls, RestConfig config) {
        this.calls = calls;
        this.bodyLimit = config.bodyLimit().asLongValue();
    }

    @Override
    public void register(ApiRoutes routes) {
        routes.api(Service.DATA, "/rest/v1", new RestDialect())
                .withBodyLimit(bodyLimit)
                .get(PATH, "rest.read", Access.KEY, this::answer)
                .route(HttpMethod.HEAD, PATH, "rest.read", Access.KEY, this::answer)
                .post(PATH, "rest.insert", Access.KEY, this::answer)
                .patch(PATH, "rest.update", Access.KEY, this::answer)
                .delete(PATH, "rest.delete", Access.KEY, this::answer)
                .put(PATH, "rest.put", Access.KEY, this::answer)
                .route(HttpMethod.TRACE, PATH, "rest.trace", Access.KEY, this::answer);
    }

    private Future<Reply> answer(Exchange exchange) {
        return calls.table(RestCall.of(exchange, exchange.path("table")));
    }
}
