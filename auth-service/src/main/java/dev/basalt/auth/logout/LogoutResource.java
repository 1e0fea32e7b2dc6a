package dev.basalt.auth.logout;

import dev.basalt.auth.session.ClientInfo;
import dev.basalt.auth.session.LogoutScope;
import dev.basalt.auth.session.SessionService;
import dev.basalt.auth.wire.AuthError;
import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import io.vertx.core.Future;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** {@code POST /logout?scope=global|local|others}: ends every session of the user, this one, or every other one. */
@ApplicationScoped
public class LogoutResource {
    private final SessionService sessions;

    @Inject
    LogoutResource(SessionService sessions) {
        this.sessions = sessions;
    }

    public void register(ApiRoutes.Api api) {
        api.post("/logout", "logout", Access.USER, this::logOut);
    }

    private Future<Reply> logOut(Exchange exchange) {
        var scope = scope(exchange);
        return sessions.signOut(exchange.context(), (Caller.User) exchange.caller(), scope, ClientInfo.of(exchange))
                .map(done -> Reply.empty(204));
    }

    private static LogoutScope scope(Exchange exchange) {
        return switch (exchange.query("scope")) {
            case null -> LogoutScope.GLOBAL;
            case "", "global" -> LogoutScope.GLOBAL;
            case "local" -> LogoutScope.LOCAL;
            case "others" -> LogoutScope.OTHERS;
            default -> throw ApiException.of(AuthError.VALIDATION_FAILED, "Unsupported logout scope");
        };
    }
}
