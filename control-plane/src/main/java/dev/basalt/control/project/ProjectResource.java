package dev.basalt.control.project;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.ProblemDetails;
import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiResource;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import dev.basalt.kit.schema.ProjectFactory;
import dev.basalt.kit.secret.RandomToken;
import dev.basalt.kit.usage.Service;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.regex.Pattern;

/** {@code /platform/v1/projects}: create, list, show, rename, pause, resume and delete. */
@ApplicationScoped
class ProjectResource implements ApiResource {
    private static final Pattern REF = Pattern.compile("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?");
    private static final String DEFAULT = "default";
    private static final int MAX_NAME = 100;
    private static final int MAX_PAGE = 1000;
    private static final int GENERATED_REF_BYTES = 10;

    private final ProjectRegistry registry;
    private final ProjectFactory factory;

    @Inject
    ProjectResource(ProjectRegistry registry, ProjectFactory factory) {
        this.registry = registry;
        this.factory = factory;
    }

    @Override
    public void register(ApiRoutes routes) {
        routes.api(Service.PLATFORM, "/platform/v1", new ProblemDetails())
                .post("/projects", "project.create", Access.PLATFORM, this::create)
                .get("/projects", "project.list", Access.PLATFORM, this::list)
                .get("/projects/:ref", "project.show", Access.PLATFORM, this::show)
                .patch("/projects/:ref", "project.update", Access.PLATFORM, this::update)
                .delete("/projects/:ref", "project.delete", Access.PLATFORM, this::delete);
    }

    private Future<Reply> create(Exchange exchange) {
        ProjectAccess.operator(exchange);
        return exchange.jsonObject().compose(body -> {
            var ref = ref(body);
            return factory.create(ref, name(body, ref)).map(created -> {
                var json = new JsonObject()
                        .put("id", created.id().toString())
                        .put("ref", created.ref())
                        .put("publishableKey", created.publishableKey())
                        .put("secretKey", created.secretKey().value());
                return Reply.json(201, json).with("Location", "/platform/v1/projects/" + created.ref());
            });
        });
    }

    private static String ref(JsonObject body) {
        var ref = body.getValue("ref");
        if (ref == null) {
            return RandomToken.hex(GENERATED_REF_BYTES);
        }
        if (ref instanceof String text && REF.matcher(text).matches()) {
            return text;
        }
        throw ApiException.of(
                PlatformError.INVALID_FIELD, "ref must be 1 to 40 of a-z, 0-9 and -, neither first nor last a -");
    }

    private static String name(JsonObject body, String fallback) {
        var name = body.getValue("name");
        if (name == null) {
            return fallback;
        }
        if (name instanceof String text && !text.isBlank() && text.length() <= MAX_NAME && text.indexOf('\0') < 0) {
            return text;
        }
        throw ApiException.of(PlatformError.INVALID_FIELD, "name must be a text of 1 to " + MAX_NAME + " characters");
    }

    private Future<Reply> list(Exchange exchange) {
        ProjectAccess.operator(exchange);
        var limit = QueryNumber.of(exchange, "limit", 100, MAX_PAGE);
        var offset = QueryNumber.of(exchange, "offset", 0, Integer.MAX_VALUE);
        return registry.list(limit, offset).map(projects -> {
            var items = new JsonArray();
            projects.forEach(project -> items.add(project.toJson()));
            return Reply.json(200, new JsonObject().put("projects", items));
        });
    }

    private Future<Reply> show(Exchange exchange) {
        return registry.find(ProjectAccess.ref(exchange)).map(project -> Reply.json(200, project.toJson()));
    }

    private Future<Reply> update(Exchange exchange) {
        ProjectAccess.operator(exchange);
        var ref = exchange.path(ProjectAccess.REF);
        return exchange.jsonObject()
                .compose(body -> {
                    if (body.containsKey("status")) {
                        return switch (String.valueOf(body.getValue("status"))) {
                            case "active" -> registry.resume(ref);
                            case "paused" -> registry.pause(ref);
                            default ->
                                Future.<ProjectView>failedFuture(ApiException.of(
                                        PlatformError.INVALID_FIELD, "status must be active or paused"));
                        };
                    }
                    if (body.containsKey("name")) {
                        return registry.rename(ref, name(body, ref));
                    }
                    return Future.failedFuture(
                            ApiException.of(PlatformError.INVALID_FIELD, "status or name is expected"));
                })
                .map(project -> Reply.json(200, project.toJson()));
    }

    private Future<Reply> delete(Exchange exchange) {
        ProjectAccess.operator(exchange);
        var ref = exchange.path(ProjectAccess.REF);
        if (ref.equals(DEFAULT)) {
            throw ApiException.of(PlatformError.PROTECTED_PROJECT);
        }
        return registry.delete(ref).map(project -> Reply.json(202, project.toJson()));
    }
}
