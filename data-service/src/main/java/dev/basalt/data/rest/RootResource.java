package dev.basalt.data.rest;

import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.openapi.OpenApiDocument;
import dev.basalt.data.plan.Passing;
import dev.basalt.data.plan.Planner;
import dev.basalt.data.plan.RoutineChoice;
import dev.basalt.data.query.QueryParser;
import dev.basalt.data.schema.Routine.Volatility;
import dev.basalt.data.schema.SchemaConfig;
import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiResource;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import dev.basalt.kit.usage.Service;
import dev.basalt.kit.work.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Set;

/** {@code GET /rest/v1/}, the description of a schema, and {@code OPTIONS}, that of one table or function. */
@ApplicationScoped
class RootResource implements ApiResource {
    private static final String OPERATION = "rest.describe";

    /** What {@code pg_relation_is_updatable} says of a table, and whether it has a primary key. */
    private static final String CHANGES = """
            select pg_catalog.pg_relation_is_updatable(c.oid, true),
              exists (select from pg_catalog.pg_constraint k where k.conrelid = c.oid and k.contype = 'p')
            from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where n.nspname = $1 and c.relname = $2""";

    private static final int UPDATE = 4;
    private static final int INSERT = 8;
    private static final int DELETE = 16;

    private final Vertx vertx;
    private final RestExecutor executor;
    private final List<String> exposed;
    private final boolean describes;

    @Inject
    RootResource(Vertx vertx, RestExecutor executor, RestConfig config, SchemaConfig schemas) {
        this.vertx = vertx;
        this.executor = executor;
        this.exposed = schemas.exposed();
        this.describes = config.openApi();
    }

    @Override
    public void register(ApiRoutes routes) {
        routes.api(Service.DATA, "/rest/v1", new RestDialect())
                .get("/", OPERATION, Access.KEY, this::describe)
                .route(HttpMethod.HEAD, "/", OPERATION, Access.KEY, this::describe)
                .route(HttpMethod.OPTIONS, "/", OPERATION, Access.KEY, _ -> allow("OPTIONS,GET,HEAD"))
                .route(HttpMethod.OPTIONS, "/:table", OPERATION, Access.KEY, this::ofTable)
                .route(HttpMethod.OPTIONS, "/rpc/:function", OPERATION, Access.KEY, this::ofFunction);
    }

    private Future<Reply> describe(Exchange exchange) {
        if (!describes) {
            throw Refusal.of(RestError.ROOT_DISABLED);
        }
        var request = request(exchange, "");
        var contentType = request.accept().ofDescription();
        var scheme = exchange.request().scheme() == null
                ? "http"
                : exchange.request().scheme();
        var authority = exchange.request().authority();
        return executor.query(request, OpenApiDocument.QUERY, Tuple.of(request.schema()))
                .compose(rows -> Blocking.call(
                        vertx,
                        () -> OpenApiDocument.of(
                                        request.schema(),
                                        rows.iterator().next().getString(0),
                                        scheme,
                                        authority == null ? "" : authority.toString())
                                .toBuffer()))
                .map(document -> Reply.bytes(200, contentType, document));
    }

    private Future<Reply> ofTable(Exchange exchange) {
        var request = request(exchange, exchange.path("table"));
        return executor.withSchema(request, schema -> {
            var table = Planner.table(schema, request.schema(), request.table());
            return executor.query(request, CHANGES, Tuple.of(table.schema(), table.name()))
                    .compose(rows -> {
                        var row = rows.iterator().next();
                        int changes = row.getInteger(0);
                        boolean inserts = (changes & INSERT) != 0;
                        boolean updates = (changes & UPDATE) != 0;
                        return allow("OPTIONS,GET,HEAD" + (inserts ? ",POST" : "")
                                + (inserts && updates && row.getBoolean(1) ? ",PUT" : "")
                                + (updates ? ",PATCH" : "")
                                + ((changes & DELETE) != 0 ? ",DELETE" : ""));
                    });
        });
    }

    private Future<Reply> ofFunction(Exchange exchange) {
        var request = request(exchange, exchange.path("function"));
        return executor.withSchema(request, schema -> {
            var overloads = schema.routines(request.schema(), request.table());
            if (overloads.isEmpty()) {
                throw RoutineChoice.unknown(schema, request.schema(), request.table(), Set.of(), Passing.QUERY);
            }
            boolean reads = overloads.stream().anyMatch(routine -> routine.volatility() != Volatility.VOLATILE);
            return allow(reads ? "OPTIONS,GET,HEAD,POST" : "OPTIONS,POST");
        });
    }

    private RestRequest request(Exchange exchange, String name) {
        return RestRequest.of(RestCall.of(exchange, name), QueryParser.parse(null), exposed);
    }

    private static Future<Reply> allow(String methods) {
        return Future.succeededFuture(Reply.empty(200).with(HttpHeaders.ALLOW, methods));
    }
}
