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
import dev.basalt.kit.http.Reply;
import dev.basalt.kit.usage.Service;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** {@code /rest/v1/{table}}. */
@ApplicationScoped
class RestResource implements ApiResource {
    private final RestExecutor executor;
    private final RestService service;
    private final List<String> exposed;
    private final long bodyLimit;

    @Inject
    RestResource(RestExecutor executor, RestService service, RestConfig config, SchemaConfig schemas) {
        this.executor = executor;
        this.service = service;
        this.exposed = schemas.exposed();
        this.bodyLimit = config.bodyLimit().asLongValue();
    }

    @Override
    public void register(ApiRoutes routes) {
        routes.api(Service.DATA, "/rest/v1", new RestDialect())
                .withBodyLimit(bodyLimit)
                .get(
                        "/:table",
                        "rest.read",
                        Access.KEY,
                        exchange -> answer(exchange, request -> service.read(request, true)))
                .route(
                        HttpMethod.HEAD,
                        "/:table",
                        "rest.read",
                        Access.KEY,
                        exchange -> answer(exchange, request -> service.read(request, false)))
                .post("/:table", "rest.insert", Access.KEY, exchange -> write(exchange, service::insert))
                .patch("/:table", "rest.update", Access.KEY, exchange -> write(exchange, service::update))
                .delete("/:table", "rest.delete", Access.KEY, exchange -> answer(exchange, service::delete))
                .put("/:table", "rest.put", Access.KEY, exchange -> write(exchange, service::put))
                .route(
                        HttpMethod.TRACE,
                        "/:table",
                        "rest.trace",
                        Access.KEY,
                        _ -> Future.failedFuture(Refusal.of(
                                RestError.UNSUPPORTED_METHOD, "Unsupported HTTP method: TRACE", null, null)));
    }

    private Future<Reply> answer(Exchange exchange, Function<RestRequest, Future<Reply>> work) {
        return executor.answering(request(exchange)).compose(work);
    }

    private Future<Reply> write(Exchange exchange, BiFunction<RestRequest, RowsBody, Future<Reply>> work) {
        var request = request(exchange);
        var type = BodyType.of(exchange.contentType(), BodyType.OF_ROWS);
        boolean uniform = request.query().shape().columns() == null;
        var rows = exchange.body().map(body -> RowsBody.read(type, body, uniform));
        return executor.answering(request).compose(answered -> rows.compose(body -> work.apply(answered, body)));
    }

    private RestRequest request(Exchange exchange) {
        return RestRequest.of(
                exchange,
                exchange.path("table"),
                QueryParser.parse(exchange.request().query()),
                exposed);
    }
}
