package dev.basalt.auth.token;

import dev.basalt.auth.session.ClientInfo;
import dev.basalt.auth.session.IssuedSession;
import dev.basalt.auth.session.SessionService;
import dev.basalt.auth.wire.AuthError;
import dev.basalt.auth.wire.JsonFields;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import io.vertx.core.Future;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** {@code POST /token?grant_type=password|refresh_token}: a session in exchange for a proof. */
@ApplicationScoped
public class TokenResource {
    private final SessionService sessions;
    private final AccessTokens tokens;

    @Inject
    TokenResource(SessionService sessions, AccessTokens tokens) {
        this.sessions = sessions;
        this.tokens = tokens;
    }

    public void register(ApiRoutes.Api api) {
        api.post("/token", "token", Access.KEY, this::grant);
    }

    private Future<Reply> grant(Exchange exchange) {
        var grantType = exchange.query("grant_type");
        return JsonFields.read(exchange)
                .compose(fields -> switch (grantType) {
                    case "password" -> byPassword(exchange, fields);
                    case "refresh_token" -> byRefreshToken(exchange, fields);
                    case null, default -> Future.failedFuture(ApiException.of(AuthError.UNSUPPORTED_GRANT_TYPE));
                })
                .map(session -> tokens.reply(exchange, session));
    }

    private Future<IssuedSession> byPassword(Exchange exchange, JsonFields fields) {
        var email = fields.text("email");
        var phone = fields.text("phone");
        var password = fields.text("password");
        if (!email.isEmpty() && !phone.isEmpty()) {
            throw ApiException.of(
                    AuthError.VALIDATION_FAILED, "Only an email address or phone number should be provided on login.");
        }
        if (!phone.isEmpty()) {
            throw ApiException.of(AuthError.PHONE_LOGIN_DISABLED);
        }
        if (email.isEmpty()) {
            throw ApiException.of(AuthError.VALIDATION_FAILED, "missing email or phone");
        }
        return sessions.signIn(exchange.context(), email, password, ClientInfo.of(exchange));
    }

    private Future<IssuedSession> byRefreshToken(Exchange exchange, JsonFields fields) {
        var token = fields.text("refresh_token");
        if (token.isEmpty()) {
            throw ApiException.of(AuthError.VALIDATION_FAILED, "refresh_token required");
        }
        return sessions.refresh(exchange.context(), token, ClientInfo.of(exchange));
    }
}
