package dev.basalt.auth;

import dev.basalt.auth.admin.AdminUserResource;
import dev.basalt.auth.jwks.JwksResource;
import dev.basalt.auth.logout.LogoutResource;
import dev.basalt.auth.settings.AuthConfig;
import dev.basalt.auth.settings.SettingsResource;
import dev.basalt.auth.signup.SignupResource;
import dev.basalt.auth.token.TokenResource;
import dev.basalt.auth.user.UserResource;
import dev.basalt.auth.wire.AuthDialect;
import dev.basalt.kit.http.ApiResource;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.usage.Service;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** All of {@code /auth/v1}: the resources of every feature, in GoTrue's dialect. */
@ApplicationScoped
class AuthApi implements ApiResource {
    private final AuthConfig config;
    private final SettingsResource settings;
    private final JwksResource jwks;
    private final SignupResource signup;
    private final TokenResource token;
    private final UserResource user;
    private final LogoutResource logout;
    private final AdminUserResource admin;

    @Inject
    AuthApi(
            AuthConfig config,
            SettingsResource settings,
            JwksResource jwks,
            SignupResource signup,
            TokenResource token,
            UserResource user,
            LogoutResource logout,
            AdminUserResource admin) {
        this.config = config;
        this.settings = settings;
        this.jwks = jwks;
        this.signup = signup;
        this.token = token;
        this.user = user;
        this.logout = logout;
        this.admin = admin;
    }

    @Override
    public void register(ApiRoutes routes) {
        var api = routes.api(Service.AUTH, "/auth/v1", new AuthDialect())
                .withBodyLimit(config.bodyLimit().asLongValue());
        settings.register(api);
        jwks.register(api);
        signup.register(api);
        token.register(api);
        user.register(api);
        logout.register(api);
        admin.register(api);
    }
}
