package dev.basalt.kit.caller;

import dev.basalt.kit.project.Project;
import dev.basalt.kit.project.SigningKey;
import dev.basalt.kit.secret.RandomToken;
import dev.basalt.kit.secret.SecretBox;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;

/** Signs tokens with a project's current key: ES256, the key's id in the header. Safe for use by any thread. */
@Singleton
public class TokenIssuer {
    private static final Duration API_KEY_LIFE = Duration.ofDays(3650);
    private final SecretBox secrets;

    @Inject
    public TokenIssuer(SecretBox secrets) {
        this.secrets = secrets;
    }

    /**
     * A new P-256 key pair.
     *
     * @param kid its id
     */
    public record NewKey(String kid, KeyPair pair) {}

    /** Makes a key pair for a project. */
    public static NewKey generateKey() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return new NewKey(RandomToken.hex(16), generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no P-256", e);
        }
    }

    /** Signs claims as they are, adding {@code ref}, the project's name, which the verifier demands. */
    public String sign(Project project, Map<String, Object> claims) {
        return sign(project.ref(), project.currentSigningKey(), claims);
    }

    /** A JWT in the place of an opaque key, for clients that expect one: role {@code anon} or {@code service_role}. */
    public String apiKey(Project project, Role role) {
        var now = Instant.now();
        return sign(
                project,
                Map.of(
                        "iss", "basalt",
                        "role", role.databaseName(),
                        "iat", now.getEpochSecond(),
                        "exp", now.plus(API_KEY_LIFE).getEpochSecond()));
    }

    private String sign(String ref, SigningKey key, Map<String, Object> claims) {
        return Jwt.claims(claims)
                .claim("ref", ref)
                .jws()
                .keyId(key.kid())
                .algorithm(SignatureAlgorithm.ES256)
                .sign(privateKey(key));
    }

    private PrivateKey privateKey(SigningKey key) {
        try {
            var encoded = secrets.open(SigningKey.PURPOSE, HexFormat.of().parseHex(key.sealedPrivateKey()));
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a stored private key does not parse", e);
        }
    }
}
