package dev.basalt.control.dump;

import dev.basalt.control.project.ProjectAccess;
import dev.basalt.control.project.ProjectContexts;
import dev.basalt.kit.error.ProblemDetails;
import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiResource;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import dev.basalt.kit.usage.Service;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.InputStream;

/**
 * {@code GET /platform/v1/projects/{ref}/dump} and {@code POST …/restore}: with the platform key alone, because a dump holds what
 * no key of the project may read. Errors in this order: 403 key, 404 project, 429, 422 and 409 the file and the project.
 */
@ApplicationScoped
class DumpResource implements ApiResource {
    private static final String SQL = "application/sql";

    private final Vertx vertx;
    private final DumpService service;
    private final ProjectContexts projects;
    private final DumpConfig config;

    @Inject
    DumpResource(Vertx vertx, DumpService service, ProjectContexts projects, DumpConfig config) {
        this.vertx = vertx;
        this.service = service;
        this.projects = projects;
        this.config = config;
    }

    @Override
    public void register(ApiRoutes routes) {
        routes.api(Service.PLATFORM, "/platform/v1", new ProblemDetails())
                .withBodyLimit(Long.MAX_VALUE)
                .get("/projects/:ref/dump", "project.dump", Access.PLATFORM, this::dump)
                .post("/projects/:ref/restore", "project.restore", Access.PLATFORM, this::restore);
    }

    private Future<Reply> dump(Exchange exchange) {
        ProjectAccess.operator(exchange);
        return projects.project(exchange)
                .compose(project -> service.dump(project, vertx.getOrCreateContext()))
                .map(running ->
                        Reply.stream(200, running.stream(), running.close()).with(HttpHeaders.CONTENT_TYPE, SQL));
    }

    private Future<Reply> restore(Exchange exchange) {
        ProjectAccess.operator(exchange);
        var context = vertx.getOrCreateContext();
        return projects.project(exchange)
                .compose(project -> service.restore(
                        project,
                        exchange.hasBody()
                                ? BodyInput.of(context, exchange.stream(), config.stall())
                                : InputStream.nullInputStream(),
                        context))
                .map(done -> Reply.json(200, done));
    }
}
