package dev.basalt.control.key;

import dev.basalt.control.project.PlatformError;
import dev.basalt.control.project.ProjectAccess;
import dev.basalt.kit.caller.Role;
import dev.basalt.kit.caller.TokenIssuer;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.KitError;
import dev.basalt.kit.error.ProblemDetails;
import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiResource;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import dev.basalt.kit.project.KeyKind;
import dev.basalt.kit.project.ProjectDirectory;
import dev.basalt.kit.signature.AccessKeys;
import dev.basalt.kit.usage.Service;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;

/** {@code /platform/v1/projects/{ref}/keys}: list, make and revoke keys, the JWT forms of the two roles, and a secret key's AWS credentials. */
@ApplicationScoped
class ApiKeyResource implements ApiResource {
    private final ApiKeyRegistry keys;
    private final ProjectDirectory directory;
    private final TokenIssuer tokens;
    private final AccessKeys accessKeys;

    @Inject
    ApiKeyResource(ApiKeyRegistry keys, ProjectDirectory directory, TokenIssuer tokens, AccessKeys accessKeys) {
        this.keys = keys;
        this.directory = directory;
        this.tokens = tokens;
        this.accessKeys = accessKeys;
    }

    @Override
    public void register(ApiRoutes routes) {
        routes.api(Service.PLATFORM, "/platform/v1/projects/:ref/keys", new ProblemDetails())
                .get("", "key.list", Access.PLATFORM, this::list)
                .post("", "key.create", Access.PLATFORM, this::create)
                .post("/:id/aws-credentials", "key.aws", Access.PLATFORM, this::awsCredentials)
                .get("/jwt", "key.jwt", Access.PLATFORM, this::jwt)
                .delete("/:id", "key.revoke", Access.PLATFORM, this::revoke);
    }

    private Future<Reply> list(Exchange exchange) {
        return keys.list(ProjectAccess.ref(exchange))
                .map(found -> Reply.json(200, new JsonObject().put("keys", new JsonArray(found))));
    }

    private Future<Reply> create(Exchange exchange) {
        var ref = ProjectAccess.ref(exchange);
        return exchange.jsonObject()
                .compose(body -> keys.create(ref, kind(body)))
                .map(created -> Reply.json(201, created));
    }

    private static KeyKind kind(JsonObject body) {
        return switch (String.valueOf(body.getValue("kind"))) {
            case "publishable" -> KeyKind.PUBLISHABLE;
            case "secret" -> KeyKind.SECRET;
            default -> throw ApiException.of(PlatformError.INVALID_FIELD, "kind must be publishable or secret");
        };
    }

    private Future<Reply> jwt(Exchange exchange) {
        return directory.byRef(ProjectAccess.ref(exchange)).map(found -> {
            var project = found.orElseThrow(() -> ApiException.of(KitError.PROJECT_NOT_FOUND));
            return Reply.json(
                    200,
                    new JsonObject()
                            .put("anon", tokens.apiKey(project, Role.ANON))
                            .put("serviceRole", tokens.apiKey(project, Role.SERVICE)));
        });
    }

    /** The same each time: they are derived, and nothing of them is stored. */
    private Future<Reply> awsCredentials(Exchange exchange) {
        return keys.secretKeyHash(ProjectAccess.ref(exchange), id(exchange))
                .map(hash -> Reply.json(
                                200,
                                new JsonObject()
                                        .put("accessKeyId", hash)
                                        .put("secretAccessKey", accessKeys.secret(hash)))
                        .with(HttpHeaders.CACHE_CONTROL, "no-store"));
    }

    private Future<Reply> revoke(Exchange exchange) {
        var ref = ProjectAccess.ref(exchange);
        return keys.revoke(ref, id(exchange)).map(revoked -> Reply.empty(204));
    }

    private static UUID id(Exchange exchange) {
        try {
            return UUID.fromString(exchange.path("id"));
        } catch (IllegalArgumentException notAnId) {
            throw ApiException.of(PlatformError.KEY_NOT_FOUND);
        }
    }
}
