package dev.basalt.kit.caller;

import com.github.benmanes.caffeine.cache.Cache;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.KitError;
import dev.basalt.kit.project.Project;
import dev.basalt.kit.work.Caches;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.auth.principal.DefaultJWTParser;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.ParseException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;

/**
 * Verifies tokens (RFC 7519) with the keys of one project: ES256 only, by key id, with an expiry. A token is verified
 * once and then remembered until it expires or the project's keys change, because an ECDSA check costs more than the rest
 * of a request. Safe for use by any thread.
 *
 * <p>Errors, the first that applies: malformed, another project's, unknown key or bad signature, expired, role.
 */
@Singleton
public class TokenVerifier {
    private static final int MAX_TOKEN_LENGTH = 8192;
    private final Cache<String, Verified> verified;

    /** A token's caller and the snapshot of the project whose keys proved it. */
    private record Verified(Caller caller, String projectRef, String kid, Instant expiresAt) {}

    @Inject
    public TokenVerifier(CallerConfig config, MeterRegistry metrics) {
        this.verified = Caches.builder()
                .maximumSize(config.tokenCacheSize())
                .recordStats()
                .build();
        CaffeineCacheMetrics.monitor(metrics, verified, "basalt.tokens");
    }

    /**
     * The project a token says it is for, unverified: only good for finding the keys to verify it with.
     *
     * @throws ApiException {@link KitError#INVALID_TOKEN} if it is no JWT
     */
    static Optional<String> claimedProject(String token) {
        return Optional.ofNullable(part(token, 1).getString("ref"));
    }

    /**
     * The caller that the token proves.
     *
     * @throws ApiException {@link KitError#INVALID_TOKEN}, {@link KitError#FOREIGN_TOKEN} or
     *     {@link KitError#EXPIRED_TOKEN}
     */
    public Caller verify(Project project, String token) {
        var known = verified.getIfPresent(token);
        if (known != null
                && known.projectRef.equals(project.ref())
                && project.signingKey(known.kid).isPresent()) {
            if (!known.expiresAt.isAfter(Instant.now())) {
                throw ApiException.of(KitError.EXPIRED_TOKEN);
            }
            return known.caller;
        }
        var header = part(token, 0);
        var kid = header.getString("kid");
        var claimedRef = part(token, 1).getString("ref");
        if (claimedRef != null && !claimedRef.equals(project.ref())) {
            throw ApiException.of(KitError.FOREIGN_TOKEN);
        }
        if (kid == null || !"ES256".equals(header.getString("alg"))) {
            throw ApiException.of(KitError.INVALID_TOKEN);
        }
        var key = project.signingKey(kid).orElseThrow(() -> ApiException.of(KitError.INVALID_TOKEN));
        var context = new JWTAuthContextInfo(key.publicKey(), null);
        context.setSignatureAlgorithm(Set.of(SignatureAlgorithm.ES256));
        // A JWT key names nobody.
        context.setRequireNamedPrincipal(false);
        try {
            new DefaultJWTParser(context).parse(token);
        } catch (ParseException refused) {
            throw ApiException.of(isExpiry(refused) ? KitError.EXPIRED_TOKEN : KitError.INVALID_TOKEN);
        }
        var claims = part(token, 1);
        if (!project.ref().equals(claims.getString("ref"))) {
            throw ApiException.of(KitError.FOREIGN_TOKEN);
        }
        var expiry = claims.getLong("exp");
        if (expiry == null) {
            throw ApiException.of(KitError.INVALID_TOKEN);
        }
        var expiresAt = Instant.ofEpochSecond(expiry);
        var caller = caller(claims, expiresAt);
        verified.put(token, new Verified(caller, project.ref(), kid, expiresAt));
        return caller;
    }

    private static Caller caller(JsonObject claims, Instant expiresAt) {
        var role = Role.named(claims.getString("role", "")).orElseThrow(() -> ApiException.of(KitError.INVALID_TOKEN));
        var subject = claims.getString("sub");
        if (subject == null) {
            return switch (role) {
                case ANON -> new Caller.Anonymous();
                case SERVICE -> new Caller.Service();
                case AUTHENTICATED -> throw ApiException.of(KitError.INVALID_TOKEN);
            };
        }
        try {
            return new Caller.User(
                    UUID.fromString(subject),
                    UUID.fromString(claims.getString("session_id", "")),
                    role,
                    claims,
                    claims.encode(),
                    expiresAt);
        } catch (IllegalArgumentException notIds) {
            throw ApiException.of(KitError.INVALID_TOKEN);
        }
    }

    private static boolean isExpiry(Throwable refused) {
        return refused.getCause() instanceof InvalidJwtException invalid && invalid.hasErrorCode(ErrorCodes.EXPIRED);
    }

    private static JsonObject part(String token, int index) {
        var parts = token.length() > MAX_TOKEN_LENGTH ? new String[0] : token.split("\\.", -1);
        if (parts.length != 3) {
            throw ApiException.of(KitError.INVALID_TOKEN);
        }
        try {
            return new JsonObject(new String(Base64.getUrlDecoder().decode(parts[index]), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException | DecodeException malformed) {
            throw ApiException.of(KitError.INVALID_TOKEN);
        }
    }
}
