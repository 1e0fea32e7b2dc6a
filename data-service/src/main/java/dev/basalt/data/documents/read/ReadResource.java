package dev.basalt.data.documents.read;

import dev.basalt.data.documents.CollectionPath;
import dev.basalt.data.documents.DocumentPath;
import dev.basalt.data.documents.DocumentsConfig;
import dev.basalt.data.documents.Locations;
import dev.basalt.data.documents.Preconditions;
import dev.basalt.data.documents.StrictJson;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.KitError;
import dev.basalt.kit.error.ProblemDetails;
import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiResource;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import dev.basalt.kit.usage.Service;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/**
 * {@code GET|HEAD /documents/v1/{collection}/{id}…}, {@code GET /documents/v1/{collection}}, {@code POST
 * /documents/v1:batchGet} and {@code POST /documents/v1/{collection}:aggregate}.
 */
@ApplicationScoped
class ReadResource implements ApiResource {
    private static final String AGGREGATE = ":aggregate";
    private static final int AGGREGATE_DEPTH = 3;
    private static final String EVENT_STREAM = "text/event-stream";

    private final DocumentReads reads;
    private final DocumentQueries queries;
    private final QueryHints hints;
    private final BatchGet batchGet;
    private final Aggregates aggregates;
    private final Subscriptions subscriptions;
    private final DocumentsConfig config;

    @Inject
    ReadResource(
            DocumentReads reads,
            DocumentQueries queries,
            QueryHints hints,
            BatchGet batchGet,
            Aggregates aggregates,
            Subscriptions subscriptions,
            DocumentsConfig config) {
        this.reads = reads;
        this.queries = queries;
        this.hints = hints;
        this.batchGet = batchGet;
        this.aggregates = aggregates;
        this.subscriptions = subscriptions;
        this.config = config;
    }

    @Override
    public void register(ApiRoutes routes) {
        routes.api(Service.DATA, "/documents/v1", new ProblemDetails())
                .withBodyLimit(config.commitLimit().asLongValue())
                .matching(HttpMethod.POST, ":batchGet", "documents.batchGet", Access.KEY, this::batchGet)
                .matching(HttpMethod.POST, "/.+:aggregate", "documents.aggregate", Access.KEY, this::aggregate)
                .get("/*", "documents.read", Access.KEY, this::read)
                .route(HttpMethod.HEAD, "/*", "documents.read", Access.KEY, this::read);
    }

    private Future<Reply> read(Exchange exchange) {
        return switch (Locations.path(exchange)) {
            case DocumentPath document -> get(exchange, document);
            case CollectionPath collection -> {
                var query = DocumentQuery.parse(collection, exchange.request().query(), config);
                var accept = exchange.header(HttpHeaders.ACCEPT);
                if (accept != null && accept.contains(EVENT_STREAM)) {
                    yield subscriptions.subscribe(exchange, query);
                }
                yield queries.page(exchange.context(), query, exchange.abandoned())
                        .compose(page -> hints.of(
                                        exchange.context(), query, query.asked().order())
                                .map(hint -> hint.map(page::with).orElse(page)))
                        .map(page -> Reply.json(200, page.toJson()));
            }
        };
    }

    private Future<Reply> get(Exchange exchange, DocumentPath path) {
        return reads.get(exchange.context(), path).map(found -> {
            boolean known = Preconditions.names(exchange.header(HttpHeaders.IF_NONE_MATCH), found.version());
            var reply = known ? Reply.empty(304) : Reply.json(200, Buffer.buffer(found.envelope()));
            return reply.with(HttpHeaders.ETAG, Preconditions.etag(found.version()));
        });
    }

    private Future<Reply> batchGet(Exchange exchange) {
        return exchange.body()
                .map(body -> BatchGet.parse(body, config.maxPage()))
                .compose(paths -> batchGet.get(exchange.context(), paths))
                .map(json -> Reply.json(200, json));
    }

    private Future<Reply> aggregate(Exchange exchange) {
        if (!(Locations.path(exchange, AGGREGATE) instanceof CollectionPath collection)) {
            throw ApiException.of(KitError.NOT_FOUND);
        }
        var query = DocumentQuery.parse(collection, exchange.request().query(), config);
        return exchange.body()
                .map(body -> Aggregates.Request.parse(StrictJson.object(body, AGGREGATE_DEPTH)))
                .compose(request -> aggregates.of(exchange.context(), query, request))
                .map(json -> Reply.json(200, json));
    }
}
