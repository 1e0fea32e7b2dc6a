package dev.basalt.data.rest;

import dev.basalt.data.body.BodyType;
import dev.basalt.data.body.RowsBody;
import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.query.QueryParser;
import dev.basalt.data.schema.SchemaConfig;
import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiResource;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.usage.Service;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/** {@code /rest/v1/{table}}. */
@ApplicationScoped
class RestResource implements ApiResource {
    private final RestService service;
    private final List<String> exposed;
    private final long bodyLimit;
    private final boolean plans;

    @Inject
    RestResource(RestService service, RestConfig config, SchemaConfig schemas) {
        this.service = service;
        this.exposed = schemas.exposed();
        this.bodyLimit = config.bodyLimit().asLongValue();
        this.plans = config.plans();
    }

    @Override
    public void register(ApiRoutes routes) {
        routes.api(Service.DATA, "/rest/v1", new RestDialect())
                .withBodyLimit(bodyLimit)
                .get("/:table", "rest.read", Access.KEY, exchange -> service.read(request(exchange), true))
                .route(
                        HttpMethod.HEAD,
                        "/:table",
                        "rest.read",
                        Access.KEY,
                        exchange -> service.read(request(exchange), false))
                .post("/:table", "rest.insert", Access.KEY, exchange -> {
                    var request = request(exchange);
                    return rows(exchange, request).compose(body -> service.insert(request, body));
                })
                .patch("/:table", "rest.update", Access.KEY, exchange -> {
                    var request = request(exchange);
                    return rows(exchange, request).compose(body -> service.update(request, body));
                })
                .delete("/:table", "rest.delete", Access.KEY, exchange -> service.delete(request(exchange)))
                .put("/:table", "rest.put", Access.KEY, exchange -> {
                    var request = request(exchange);
                    return rows(exchange, request).compose(body -> service.put(request, body));
                })
                .route(
                        HttpMethod.TRACE,
                        "/:table",
                        "rest.trace",
                        Access.KEY,
                        _ -> Future.failedFuture(Refusal.of(
                                RestError.UNSUPPORTED_METHOD, "Unsupported HTTP method: TRACE", null, null)));
    }

    private RestRequest request(Exchange exchange) {
        var query = QueryParser.parse(exchange.request().query());
        var request = RestRequest.of(exchange, exchange.path("table"), query, exposed);
        return request.answering(request.accept().ofRows(plans));
    }

    private static Future<RowsBody> rows(Exchange exchange, RestRequest request) {
        var type = BodyType.of(exchange.contentType(), BodyType.OF_ROWS);
        boolean uniform = request.query().shape().columns() == null;
        return exchange.body().map(body -> RowsBody.read(type, body, uniform));
    }
}
