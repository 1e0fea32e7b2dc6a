package dev.basalt.storage.signing;

import com.github.benmanes.caffeine.cache.Cache;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.project.Project;
import dev.basalt.kit.project.SigningKey;
import dev.basalt.kit.secret.SecretBox;
import dev.basalt.kit.work.Caches;
import dev.basalt.storage.error.StorageError;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens for one object and a while (RFC 7519, HS256), signed with a key that only this use has: it is derived from the
 * project's signing key, so that rotating that one ends all signed URLs with it. Safe for use by any thread.
 *
 * <p>Errors, the first that applies: malformed or wrong signature, expired, of another object or use.
 */
@ApplicationScoped
public class SignedUrls {
    private static final String DERIVATION = "basalt storage signed url 1";
    private static final int MOST_KEYS = 10_000;
    private static final int LONGEST_TOKEN = 8192;

    private final SecretBox secrets;
    private final Cache<String, SecretKeySpec> keys =
            Caches.builder().maximumSize(MOST_KEYS).recordStats().build();

    @Inject
    SignedUrls(SecretBox secrets, MeterRegistry meters) {
        this.secrets = secrets;
        CaffeineCacheMetrics.monitor(meters, keys, "basalt.storage.signing.keys");
    }

    /** What a token allows. */
    public enum Use {
        DOWNLOAD,
        UPLOAD
    }

    /**
     * Signs claims for one object.
     *
     * @param path bucket and name, as in {@code avatars/folder/cat.png}
     * @param more claims of the use's own
     */
    public String sign(Project project, Use use, String path, Instant expiry, JsonObject more) {
        SigningKey key = project.currentSigningKey();
        JsonObject claims = more.copy()
                .put("url", path)
                .put("use", use.name())
                .put("ref", project.ref())
                .put("iat", Instant.now().getEpochSecond())
                .put("exp", expiry.getEpochSecond());
        String signed = base64(new JsonObject()
                        .put("alg", "HS256")
                        .put("typ", "JWT")
                        .put("kid", key.kid())
                        .encode())
                + "." + base64(claims.encode());
        return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(mac(key, signed));
    }

    /** The claims of a token that holds for this object and use. */
    public JsonObject verify(Project project, Use use, String path, String token) {
        List<String> parts = token.length() > LONGEST_TOKEN ? List.of() : List.of(token.split("\\.", -1));
        if (parts.size() != 3) {
            throw ApiException.of(StorageError.INVALID_TOKEN);
        }
        JsonObject claims;
        try {
            String kid = json(parts.get(0)).getString("kid");
            SigningKey key = kid == null ? null : project.signingKey(kid).orElse(null);
            if (key == null
                    || !MessageDigest.isEqual(
                            mac(key, parts.get(0) + "." + parts.get(1)),
                            Base64.getUrlDecoder().decode(parts.get(2)))
                    || !canonical(parts.get(2))) {
                throw ApiException.of(StorageError.INVALID_TOKEN);
            }
            claims = json(parts.get(1));
        } catch (IllegalArgumentException | DecodeException | ClassCastException malformed) {
            throw ApiException.of(StorageError.INVALID_TOKEN);
        }
        if (claims.getLong("exp", 0L) <= Instant.now().getEpochSecond()) {
            throw ApiException.of(StorageError.EXPIRED_TOKEN);
        }
        if (!path.equals(claims.getString("url")) || !use.name().equals(claims.getString("use"))) {
            throw ApiException.of(StorageError.INVALID_SIGNATURE);
        }
        return claims;
    }

    /** Base64 leaves bits of the last digit unused: another digit there would be another token of the same bytes. */
    private static boolean canonical(String signature) {
        byte[] bytes = Base64.getUrlDecoder().decode(signature);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(signature);
    }

    private static JsonObject json(String part) {
        return new JsonObject(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private byte[] mac(SigningKey key, String signed) {
        SecretKeySpec derived = keys.get(key.kid(), kid -> derive(key));
        return hmac(derived, signed);
    }

    private SecretKeySpec derive(SigningKey key) {
        byte[] secret = secrets.open(SigningKey.PURPOSE, HexFormat.of().parseHex(key.sealedPrivateKey()));
        return new SecretKeySpec(hmac(new SecretKeySpec(secret, "HmacSHA256"), DERIVATION), "HmacSHA256");
    }

    private static byte[] hmac(SecretKeySpec key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
