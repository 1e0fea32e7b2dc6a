package dev.basalt.kit.project;

import dev.basalt.kit.secret.SecretBox;
import java.security.interfaces.ECPublicKey;

/**
 * An ES256 (RFC 7518, section 3.4) key pair with which a project signs its users' tokens.
 *
 * @param kid names the key in a token's header and in the JWKS
 * @param current whether new tokens are signed with it; the others only verify
 * @param sealedPrivateKey PKCS #8, sealed by {@link SecretBox} for {@link #PURPOSE}, in hexadecimal; opened only to sign
 */
public record SigningKey(String kid, boolean current, ECPublicKey publicKey, String sealedPrivateKey) {
    /** The purpose under which the private key is sealed. */
    public static final String PURPOSE = "signing-key";

    @Override
    public String toString() {
        return "SigningKey[" + kid + "]";
    }
}
