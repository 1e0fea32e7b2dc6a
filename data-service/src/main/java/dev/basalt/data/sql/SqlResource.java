package dev.basalt.data.sql;

import dev.basalt.kit.error.ProblemDetails;
import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiResource;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import dev.basalt.kit.usage.Service;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** {@code POST /sql/v1}; by {@code Accept: application/x-ndjson} the rows of one query as a stream. */
@ApplicationScoped
class SqlResource implements ApiResource {
    private static final String NDJSON = "application/x-ndjson";

    private final SqlService service;
    private final SqlConfig config;

    @Inject
    SqlResource(SqlService service, SqlConfig config) {
        this.service = service;
        this.config = config;
    }

    @Override
    public void register(ApiRoutes routes) {
        routes.api(Service.DATA, "/sql/v1", new ProblemDetails())
                .withBodyLimit(config.bodyLimit().asLongValue())
                .post("", "sql", Access.SERVER, this::answer);
    }

    private Future<Reply> answer(Exchange exchange) {
        var abandoned = exchange.abandoned();
        var accept = exchange.header(HttpHeaders.ACCEPT);
        boolean streams = accept != null && accept.contains(NDJSON);
        return exchange.exactJsonObject()
                .map(body -> SqlRequest.parse(body, config.maxStatements()))
                .compose(request -> streams
                        ? service.stream(exchange.context(), request, abandoned)
                                .map(rows -> Reply.stream(200, rows.stream(), rows.abandoned())
                                        .with(HttpHeaders.CONTENT_TYPE, NDJSON))
                        : service.run(exchange.context(), request, abandoned).map(answer -> Reply.json(200, answer)));
    }
}
