package dev.basalt.control.function;

import dev.basalt.control.project.ProjectContexts;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.KitError;
import dev.basalt.kit.error.ProblemDetails;
import dev.basalt.kit.function.FunctionError;
import dev.basalt.kit.function.FunctionManifest;
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
import java.util.Set;

/**
 * {@code /platform/v1/projects/{ref}/functions}: deploy, list, show and delete. A body is JSON {@code {files, manifest}} or a
 * tar.gz ({@code application/gzip}); errors in this order: 404 project, 415 or 413 body, 422 files, manifest, build.
 */
@ApplicationScoped
class FunctionResource implements ApiResource {
    /** Half of what it may unpack to. */
    private static final long MAX_BODY = 32L << 20;

    private static final Set<String> GZIP = Set.of(
            "application/gzip",
            "application/x-gzip",
            "application/x-tar",
            "application/x-gtar",
            "application/x-tgz",
            "application/octet-stream");

    private final FunctionDeployment deployment;
    private final ProjectContexts projects;

    @Inject
    FunctionResource(FunctionDeployment deployment, ProjectContexts projects) {
        this.deployment = deployment;
        this.projects = projects;
    }

    @Override
    public void register(ApiRoutes routes) {
        routes.api(Service.PLATFORM, "/platform/v1", new ProblemDetails())
                .withBodyLimit(MAX_BODY)
                .get("/projects/:ref/functions", "function.list", Access.PLATFORM, this::list)
                .get("/projects/:ref/functions/:name", "function.show", Access.PLATFORM, this::show)
                .put("/projects/:ref/functions/:name", "function.deploy", Access.PLATFORM, this::deploy)
                .delete("/projects/:ref/functions/:name", "function.delete", Access.PLATFORM, this::delete);
    }

    private static String name(Exchange exchange) {
        var name = exchange.path("name");
        if (!FunctionManifest.isName(name)) {
            throw ApiException.of(
                    FunctionError.INVALID_MANIFEST,
                    "a function's name is 1 to 63 of letters, digits, - and _, and begins with a letter or digit");
        }
        return name;
    }

    private Future<Reply> list(Exchange exchange) {
        return projects.project(exchange).compose(deployment::list).map(functions -> {
            var items = new JsonArray();
            functions.forEach(function -> items.add(function.toJson()));
            return Reply.json(200, new JsonObject().put("functions", items));
        });
    }

    private Future<Reply> show(Exchange exchange) {
        return projects.project(exchange)
                .compose(project -> deployment.find(project, exchange.path("name")))
                .map(function -> Reply.json(200, function.toJson()));
    }

    private Future<Reply> deploy(Exchange exchange) {
        var type = exchange.contentType();
        var json = type.equals("application/json");
        if (!json && !GZIP.contains(type)) {
            throw ApiException.of(
                    KitError.UNSUPPORTED_MEDIA_TYPE, "The body must be application/json or application/gzip");
        }
        return projects.project(exchange).compose(project -> {
            var name = name(exchange);
            return exchange.body()
                    .compose(body -> deployment.deploy(
                            projects.context(exchange, project),
                            name,
                            live(exchange),
                            () -> json ? FunctionUpload.ofJson(name, body) : FunctionUpload.ofTarGz(name, body)))
                    .map(deployed -> Reply.json(
                            deployed.version() == 1 ? 201 : 200,
                            deployed.function()
                                    .toJson()
                                    .put("deployed", deployed.version())
                                    .put("checked", deployed.checked())
                                    .put("missingSecrets", new JsonArray(deployed.missingSecrets()))));
        });
    }

    private static boolean live(Exchange exchange) {
        return switch (exchange.query("live")) {
            case null -> true;
            case "true" -> true;
            case "false" -> false;
            default -> throw ApiException.of(KitError.INVALID_REQUEST, "live must be true or false");
        };
    }

    private Future<Reply> delete(Exchange exchange) {
        return projects.project(exchange)
                .compose(project -> deployment.delete(projects.context(exchange, project), exchange.path("name")))
                .map(deleted -> Reply.empty(204));
    }
}
