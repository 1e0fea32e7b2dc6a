package dev.basalt.data.rest;

import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.schema.SchemaConfig;
import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiResource;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import dev.basalt.kit.usage.Service;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /rest/v1/{table}}. */
@ApplicationScoped
class RestResource implements ApiResource {
    private final RestService service;
    private final List<String> exposed;
    private final long bodyLimit;

    @Inject
    RestResource(RestService service, RestConfig config, SchemaConfig schemas) {
        this.service = service;
        this.exposed = schemas.exposed();
        this.bodyLimit = config.bodyLimit().asLongValue();
    }

    @Override
    public void register(ApiRoutes routes) {
        routes.api(Service.DATA, "/rest/v1", new RestDialect())
                .withBodyLimit(bodyLimit)
                .get("/", "rest.root", Access.KEY, _ -> refused(RestError.ROOT_DISABLED, null))
                .get("/:table", "rest.read", Access.KEY, exchange -> service.read(request(exchange), true))
                .route(
                        HttpMethod.HEAD,
                        "/:table",
                        "rest.read",
                        Access.KEY,
                        exchange -> service.read(request(exchange), false))
                .post("/:table", "rest.insert", Access.KEY, exchange -> {
                    var request = request(exchange);
                    return json(exchange).compose(body -> service.insert(request, body));
                })
                .patch("/:table", "rest.update", Access.KEY, exchange -> {
                    var request = request(exchange);
                    return json(exchange).compose(body -> service.update(request, body));
                })
                .delete("/:table", "rest.delete", Access.KEY, exchange -> service.delete(request(exchange)))
                .put("/:table", "rest.put", Access.KEY, exchange -> {
                    var request = request(exchange);
                    return json(exchange).compose(body -> service.put(request, body));
                })
                .get("/rpc/:function", "rest.rpc", Access.KEY, _ -> refused(RestError.NOT_IMPLEMENTED, "Functions"))
                .post("/rpc/:function", "rest.rpc", Access.KEY, _ -> refused(RestError.NOT_IMPLEMENTED, "Functions"));
    }

    private RestRequest request(Exchange exchange) {
        return RestRequest.of(exchange, exposed);
    }

    private static Future<Buffer> json(Exchange exchange) {
        var type = exchange.contentType();
        if (!type.isEmpty() && !type.equals("application/json") && !type.endsWith("+json")) {
            return Future.failedFuture(
                    Refusal.of(RestError.UNSUPPORTED_CONTENT_TYPE, "Content-Type not acceptable: " + type, null, null));
        }
        return exchange.body();
    }

    private static Future<Reply> refused(RestError error, @Nullable String feature) {
        return Future.failedFuture(
                feature == null ? Refusal.of(error) : Refusal.withDetails(error, feature + " are not supported yet."));
    }
}
