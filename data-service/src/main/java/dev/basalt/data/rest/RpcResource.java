package dev.basalt.data.rest;

import dev.basalt.data.body.BodyText;
import dev.basalt.data.body.BodyType;
import dev.basalt.data.body.FormBody;
import dev.basalt.data.body.JsonMembers;
import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.plan.Passing;
import dev.basalt.data.query.QueryParser;
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
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** {@code /rest/v1/rpc/{function}}. */
@ApplicationScoped
class RpcResource implements ApiResource {
    private static final String PATH = "/rpc/:function";
    private static final String OPERATION = "rest.rpc";

    private final RpcService service;
    private final List<String> exposed;
    private final long bodyLimit;

    @Inject
    RpcResource(RpcService service, RestConfig config, SchemaConfig schemas) {
        this.service = service;
        this.exposed = schemas.exposed();
        this.bodyLimit = config.bodyLimit().asLongValue();
    }

    @Override
    public void register(ApiRoutes routes) {
        routes.api(Service.DATA, "/rest/v1", new RestDialect())
                .withBodyLimit(bodyLimit)
                .get(PATH, OPERATION, Access.KEY, exchange -> byQuery(exchange, true))
                .route(HttpMethod.HEAD, PATH, OPERATION, Access.KEY, exchange -> byQuery(exchange, false))
                .post(PATH, OPERATION, Access.KEY, this::byBody)
                .put(PATH, OPERATION, Access.KEY, RpcResource::refused)
                .patch(PATH, OPERATION, Access.KEY, RpcResource::refused)
                .delete(PATH, OPERATION, Access.KEY, RpcResource::refused);
    }

    private static Future<Reply> refused(Exchange exchange) {
        var method = exchange.request().method().name();
        return Future.failedFuture(
                Refusal.of(RestError.INVALID_CALL_METHOD, "Cannot use the " + method + " method on RPC", null, null));
    }

    private Future<Reply> byQuery(Exchange exchange, boolean withBody) {
        var call = QueryParser.parseCall(exchange.request().query());
        var request = RestRequest.of(exchange, exchange.path("function"), call.query(), exposed);
        return service.call(request, RpcService.Call.named(Passing.QUERY, call.arguments()), withBody);
    }

    private Future<Reply> byBody(Exchange exchange) {
        var query = QueryParser.parse(exchange.request().query());
        var request = RestRequest.of(exchange, exchange.path("function"), query, exposed);
        var type = BodyType.of(exchange.contentType(), BodyType.OF_ARGUMENTS);
        var columns = query.shape().columns();
        return exchange.body()
                .map(body -> {
                    var call = call(type, body);
                    return columns == null ? call : call.only(Set.copyOf(columns));
                })
                .compose(call -> service.call(request, call, true));
    }

    private static RpcService.Call call(BodyType type, Buffer body) {
        return switch (type) {
            case FORM -> RpcService.Call.named(Passing.FORM, FormBody.fields(BodyText.of(body)));
            case JSON -> {
                var text = body.length() == 0 ? "{}" : BodyText.of(body);
                yield RpcService.Call.body(Passing.JSON, JsonMembers.of(text), text);
            }
            case TEXT -> RpcService.Call.body(Passing.TEXT, Set.of(), BodyText.of(body));
            case XML -> RpcService.Call.body(Passing.XML, Set.of(), BodyText.of(body));
            case BINARY ->
                RpcService.Call.body(
                        Passing.BINARY, Set.of(), "\\x" + HexFormat.of().formatHex(body.getBytes()));
            case CSV -> throw new IllegalArgumentException("CSV holds no arguments");
        };
    }
}
