package dev.basalt.data.sql;

import dev.basalt.kit.error.ProblemDetails;
import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiResource;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Reply;
import dev.basalt.kit.usage.Service;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** {@code POST /sql/v1}. */
@ApplicationScoped
class SqlResource implements ApiResource {
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
                .post(
                        "",
                        "sql",
                        Access.SECRET,
                        exchange -> exchange.jsonObject()
                                .map(body -> SqlRequest.parse(body, config.maxStatements()))
                                .compose(request -> service.run(exchange.context(), request))
                                .map(answer -> Reply.json(200, answer)));
    }
}
