package dev.basalt.control.migration;

import dev.basalt.control.project.ProjectContexts;
import dev.basalt.kit.error.ProblemDetails;
import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiResource;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import dev.basalt.kit.usage.Service;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/**
 * {@code /platform/v1/projects/{ref}/migrations}: push, and what is applied. Errors in this order: 404 project, 415, 413 or 400
 * body, 422 a file as it is written, 409 one that is edited or out of order, 422 what PostgreSQL refuses.
 */
@ApplicationScoped
class MigrationResource implements ApiResource {
    private static final String PATH = "/projects/:ref/migrations";

    private final MigrationService service;
    private final ProjectContexts projects;
    private final long bodyLimit;

    @Inject
    MigrationResource(MigrationService service, ProjectContexts projects, MigrationConfig config) {
        this.service = service;
        this.projects = projects;
        this.bodyLimit = config.bodyLimit().asLongValue();
    }

    @Override
    public void register(ApiRoutes routes) {
        routes.api(Service.PLATFORM, "/platform/v1", new ProblemDetails())
                .withBodyLimit(bodyLimit)
                .get(PATH, "migration.list", Access.PLATFORM, this::list)
                .post(PATH, "migration.push", Access.PLATFORM, this::push);
    }

    private Future<Reply> list(Exchange exchange) {
        return projects.project(exchange)
                .compose(project -> service.applied(projects.context(exchange, project)))
                .map(applied -> {
                    var items = new JsonArray();
                    applied.forEach(migration -> items.add(migration.toJson()));
                    return Reply.json(200, new JsonObject().put("migrations", items));
                });
    }

    private Future<Reply> push(Exchange exchange) {
        var abandoned = exchange.abandoned();
        return projects.project(exchange)
                .compose(project -> exchange.jsonObject()
                        .map(Push::parse)
                        .compose(push -> service.push(projects.context(exchange, project), push, abandoned)))
                .map(done -> Reply.json(200, done));
    }
}
