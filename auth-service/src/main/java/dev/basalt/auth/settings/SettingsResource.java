package dev.basalt.auth.settings;

import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** {@code GET /settings}: what a sign-in page needs to know; {@code GET /health}: that the service answers. */
@ApplicationScoped
public class SettingsResource {
    private final AuthConfig config;

    @Inject
    SettingsResource(AuthConfig config) {
        this.config = config;
    }

    public void register(ApiRoutes.Api api) {
        api.get("/settings", "settings", Access.KEY, this::settings);
        api.get("/health", "health", Access.KEY, exchange -> Future.succeededFuture(health()));
    }

    private Future<Reply> settings(Exchange exchange) {
        var settings = AuthSettings.of(config, exchange.project());
        return Future.succeededFuture(Reply.json(
                200,
                new JsonObject()
                        .put(
                                "external",
                                new JsonObject()
                                        .put("anonymous_users", settings.anonymousEnabled())
                                        .put("email", true)
                                        .put("phone", false))
                        .put("disable_signup", !settings.signupEnabled())
                        .put("mailer_autoconfirm", true)
                        .put("phone_autoconfirm", false)
                        .put("sms_provider", "")
                        .put("saml_enabled", false)));
    }

    private static Reply health() {
        var version = SettingsResource.class.getPackage().getImplementationVersion();
        return Reply.json(
                200,
                new JsonObject()
                        .put("name", "Basalt Auth")
                        .put("version", version == null ? "development" : version)
                        .put("description", "User registration and authentication, compatible with GoTrue"));
    }
}
