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

/** {@code POST /rest/v1:batch}: several requests on tables and functions in one transaction. */
@ApplicationScoped
class BatchResource implements ApiResource {
    private final BatchService service;
    private final RestConfig config;

    @Inject
    BatchResource(BatchService service, RestConfig config) {
        this.service = service;
        this.config = config;
    }

    @Override
    public void register(ApiRoutes routes) {
        routes.api(Service.DATA, "/rest/v1", new RestDialect())
                .withBodyLimit(config.bodyLimit().asLongValue())
                .matching(HttpMethod.POST, ":batch", "rest.batch", Access.KEY, this::run);
    }

    private Future<Reply> run(Exchange exchange) {
        var abandoned = exchange.abandoned();
        return exchange.exactJsonObject()
                .map(body -> BatchRequest.parse(body, config.maxBatchRequests()))
                .compose(batch -> service.run(exchange.context(), batch, abandoned))
                .map(answers -> Reply.json(200, answers));
    }
}
