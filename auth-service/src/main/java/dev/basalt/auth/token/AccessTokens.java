package dev.basalt.auth.token;

import dev.basalt.auth.session.IssuedSession;
import dev.basalt.auth.settings.AuthConfig;
import dev.basalt.auth.settings.AuthSettings;
import dev.basalt.kit.caller.TokenIssuer;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonValue;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the access token of a session, and of both the answer that clients keep. Safe for use by any thread. */
@ApplicationScoped
public class AccessTokens {
    private final TokenIssuer issuer;
    private final AuthConfig config;

    @Inject
    AccessTokens(TokenIssuer issuer, AuthConfig config) {
        this.issuer = issuer;
        this.config = config;
    }

    /** The session as a client gets it: tokens, when the access token expires, and the user. Not to be cached. */
    public Reply reply(Exchange exchange, IssuedSession session) {
        var lifetime =
                AuthSettings.of(config, exchange.project()).tokenLifetime().toSeconds();
        var now = Instant.now().getEpochSecond();
        var token = issuer.sign(exchange.project(), claims(session, issuerOf(exchange), now, now + lifetime));
        return Reply.json(
                        200,
                        new JsonObject()
                                .put("access_token", token)
                                .put("token_type", "bearer")
                                .put("expires_in", lifetime)
                                .put("expires_at", now + lifetime)
                                .put("refresh_token", session.refreshToken().encoded())
                                .put("user", session.user().toJson()))
                .with("Cache-Control", "no-store");
    }

    private String issuerOf(Exchange exchange) {
        return config.externalUrl().orElseGet(() -> {
                    var request = exchange.request();
                    return request.scheme() + "://" + request.authority();
                })
                + "/auth/v1";
    }

    private static Map<String, Object> claims(IssuedSession session, String issuer, long now, long expiry) {
        var user = session.user();
        var claims = new LinkedHashMap<String, Object>();
        claims.put("iss", issuer);
        claims.put("sub", user.id().toString());
        claims.put("aud", user.aud());
        claims.put("exp", expiry);
        claims.put("iat", now);
        claims.put("email", user.email() == null ? "" : user.email());
        claims.put("phone", user.phone() == null ? "" : user.phone());
        claims.put("app_metadata", map(user.metadata().app()));
        claims.put("user_metadata", map(user.metadata().user()));
        claims.put("role", user.role());
        claims.put("aal", session.aal());
        claims.put("amr", list(session.amr()));
        claims.put("session_id", session.id().toString());
        claims.put("is_anonymous", user.anonymous());
        return claims;
    }

    /** The token library writes plain maps and lists, and fails on null unless JSON-P says it. */
    private static Map<String, Object> map(JsonObject json) {
        var map = new LinkedHashMap<String, Object>();
        json.forEach(member -> map.put(member.getKey(), plain(member.getValue())));
        return map;
    }

    private static List<Object> list(JsonArray json) {
        var list = new java.util.ArrayList<Object>();
        json.forEach(element -> list.add(plain(element)));
        return list;
    }

    private static Object plain(@Nullable Object value) {
        return switch (value) {
            case JsonObject object -> map(object);
            case JsonArray array -> list(array);
            case null -> JsonValue.NULL;
            default -> value;
        };
    }
}
