package dev.basalt.control.function;

import dev.basalt.control.project.ProjectContexts;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.ProblemDetails;
import dev.basalt.kit.function.FunctionError;
import dev.basalt.kit.function.FunctionSecrets;
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
import java.nio.charset.StandardCharsets;

/**
 * {@code /platform/v1/projects/{ref}/secrets[/{name}]}: {@code PUT {value}}, names with {@code GET}, {@code DELETE}. No answer holds
 * a value. Errors in this order: 404 project, 422 name, value.
 */
@ApplicationScoped
class SecretResource implements ApiResource {
    private static final long MAX_BODY = 8L * FunctionSecrets.MAX_VALUE;

    private final SecretStore secrets;
    private final ProjectContexts projects;

    @Inject
    SecretResource(SecretStore secrets, ProjectContexts projects) {
        this.secrets = secrets;
        this.projects = projects;
    }

    @Override
    public void register(ApiRoutes routes) {
        routes.api(Service.PLATFORM, "/platform/v1", new ProblemDetails())
                .withBodyLimit(MAX_BODY)
                .get("/projects/:ref/secrets", "secret.list", Access.PLATFORM, this::list)
                .put("/projects/:ref/secrets/:name", "secret.set", Access.PLATFORM, this::put)
                .delete("/projects/:ref/secrets/:name", "secret.delete", Access.PLATFORM, this::delete);
    }

    private Future<Reply> list(Exchange exchange) {
        return projects.project(exchange)
                .compose(project -> secrets.list(project.id()))
                .map(found -> Reply.json(200, new JsonObject().put("secrets", new JsonArray(found))));
    }

    private Future<Reply> put(Exchange exchange) {
        return projects.project(exchange).compose(project -> {
            var name = exchange.path("name");
            if (!FunctionSecrets.isName(name)) {
                throw ApiException.of(
                        FunctionError.INVALID_SECRET,
                        "a secret's name is 1 to 128 of letters, digits and _, and begins with no digit");
            }
            return exchange.jsonObject()
                    .compose(body -> secrets.put(project.id(), name, value(body)))
                    .map(fresh -> Reply.json(fresh ? 201 : 200, new JsonObject().put("name", name)));
        });
    }

    private static String value(JsonObject body) {
        if (body.size() == 1
                && body.getValue("value") instanceof String value
                && !value.isEmpty()
                && value.indexOf('\0') < 0
                && value.getBytes(StandardCharsets.UTF_8).length <= FunctionSecrets.MAX_VALUE) {
            return value;
        }
        throw ApiException.of(
                FunctionError.INVALID_SECRET,
                "the body must be {\"value\": text} with 1 to " + FunctionSecrets.MAX_VALUE + " bytes and no NUL");
    }

    private Future<Reply> delete(Exchange exchange) {
        return projects.project(exchange)
                .compose(project -> secrets.delete(project.id(), exchange.path("name")))
                .map(deleted -> Reply.empty(204));
    }
}
