package dev.basalt.control.function;

import dev.basalt.control.project.ProjectContexts;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.ProblemDetails;
import dev.basalt.kit.function.FunctionError;
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
import java.util.OptionalInt;

/**
 * {@code /platform/v1/projects/{ref}/functions/{name}/versions}, {@code /aliases[/{alias}]} and {@code /rollback}. Errors in this
 * order: 404 project, 422 alias, 404 function, version, 409 nothing to go back to.
 */
@ApplicationScoped
class ReleaseResource implements ApiResource {
    private final FunctionReleases releases;
    private final ProjectContexts projects;

    @Inject
    ReleaseResource(FunctionReleases releases, ProjectContexts projects) {
        this.releases = releases;
        this.projects = projects;
    }

    @Override
    public void register(ApiRoutes routes) {
        var base = "/projects/:ref/functions/:name";
        routes.api(Service.PLATFORM, "/platform/v1", new ProblemDetails())
                .get(base + "/versions", "function.versions", Access.PLATFORM, this::versions)
                .get(base + "/aliases", "function.aliases", Access.PLATFORM, this::aliases)
                .put(base + "/aliases/:alias", "function.alias", Access.PLATFORM, this::put)
                .delete(base + "/aliases/:alias", "function.unalias", Access.PLATFORM, this::delete)
                .post(base + "/rollback", "function.rollback", Access.PLATFORM, this::rollback);
    }

    private Future<Reply> versions(Exchange exchange) {
        return projects.project(exchange)
                .compose(project -> releases.versions(project, exchange.path("name")))
                .map(found -> Reply.json(200, new JsonObject().put("versions", new JsonArray(found))));
    }

    private Future<Reply> aliases(Exchange exchange) {
        return projects.project(exchange)
                .compose(project -> releases.aliases(project, exchange.path("name")))
                .map(found -> Reply.json(
                        200,
                        new JsonObject()
                                .put(
                                        "aliases",
                                        new JsonArray(found.stream()
                                                .map(Alias::toJson)
                                                .toList()))));
    }

    private Future<Reply> put(Exchange exchange) {
        return projects.project(exchange)
                .compose(project -> exchange.jsonObject()
                        .compose(body -> releases.put(
                                projects.context(exchange, project),
                                exchange.path("name"),
                                Alias.parse(exchange.path("alias"), body)))
                        .map(alias -> Reply.json(200, alias.toJson())));
    }

    private Future<Reply> delete(Exchange exchange) {
        return projects.project(exchange)
                .compose(project -> releases.delete(project, exchange.path("name"), exchange.path("alias")))
                .map(deleted -> Reply.empty(204));
    }

    private Future<Reply> rollback(Exchange exchange) {
        // Asked before anything else is waited for: a request without a body has ended by then.
        var version = exchange.hasBody()
                ? exchange.jsonObject().map(ReleaseResource::version)
                : Future.succeededFuture(OptionalInt.empty());
        return projects.project(exchange)
                .compose(project -> version.compose(
                        asked -> releases.rollback(projects.context(exchange, project), exchange.path("name"), asked)))
                .map(function -> Reply.json(200, function.toJson()));
    }

    private static OptionalInt version(JsonObject body) {
        return switch (body.getValue("version")) {
            case null -> OptionalInt.empty();
            case Integer number when number > 0 -> OptionalInt.of(number);
            default -> throw ApiException.of(FunctionError.INVALID_ALIAS, "version must be a version's number");
        };
    }
}
