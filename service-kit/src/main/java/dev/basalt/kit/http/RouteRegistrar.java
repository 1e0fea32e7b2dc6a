package dev.basalt.kit.http;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;

/** Hands every {@link ApiResource} the router at start-up. */
@ApplicationScoped
class RouteRegistrar {
    void register(
            @Observes Router router,
            Vertx vertx,
            RequestChain chain,
            HttpConfig config,
            @Any Instance<ApiResource> resources) {
        var routes = new ApiRoutes(vertx, router, chain, config.bodyLimit().asLongValue());
        resources.forEach(resource -> resource.register(routes));
    }
}
