package dev.basalt.auth.jwks;

import dev.basalt.kit.http.Access;
import dev.basalt.kit.http.ApiRoutes;
import dev.basalt.kit.http.Exchange;
import dev.basalt.kit.http.Reply;
import dev.basalt.kit.project.SigningKey;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigInteger;
import java.util.Base64;

/**
 * {@code GET /.well-known/jwks.json}: the keys that verify a project's tokens, as a JWK Set (RFC 7517, section 5). Open,
 * and cacheable for ten minutes: a new key is published for longer than that before it signs.
 */
@ApplicationScoped
public class JwksResource {
    /** A coordinate on P-256 (RFC 7518, section 6.2.1.2). */
    private static final int COORDINATE_BYTES = 32;

    public void register(ApiRoutes.Api api) {
        api.get("/.well-known/jwks.json", "jwks", Access.OPEN, this::keys);
    }

    private Future<Reply> keys(Exchange exchange) {
        var keys = new JsonArray();
        exchange.project().signingKeys().forEach(key -> keys.add(jwk(key)));
        return Future.succeededFuture(
                Reply.json(200, new JsonObject().put("keys", keys)).with("Cache-Control", "public, max-age=600"));
    }

    private static JsonObject jwk(SigningKey key) {
        var point = key.publicKey().getW();
        return new JsonObject()
                .put("kty", "EC")
                .put("crv", "P-256")
                .put("alg", "ES256")
                .put("use", "sig")
                .put("key_ops", new JsonArray().add("verify"))
                .put("ext", true)
                .put("kid", key.kid())
                .put("x", coordinate(point.getAffineX()))
                .put("y", coordinate(point.getAffineY()));
    }

    private static String coordinate(BigInteger value) {
        var bytes = value.toByteArray();
        var fixed = new byte[COORDINATE_BYTES];
        // A leading zero byte is the sign; a short one is filled up on the left.
        var length = Math.min(bytes.length, COORDINATE_BYTES);
        System.arraycopy(bytes, bytes.length - length, fixed, COORDINATE_BYTES - length, length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(fixed);
    }
}
