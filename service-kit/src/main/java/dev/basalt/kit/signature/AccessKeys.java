package dev.basalt.kit.signature;

import dev.basalt.kit.secret.SecretBox;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Base64;

/**
 * The AWS credentials that belong to a project's secret keys. The access key id is the key's hash; the secret access key is
 * derived from that hash and the master key. So nothing more is stored, who reads the control database alone can sign nothing,
 * and revoking the key revokes them. Safe for use by any thread.
 */
@Singleton
public class AccessKeys {
    private static final int SECRET_BYTES = 30;

    private final SecretBox box;

    @Inject
    public AccessKeys(SecretBox box) {
        this.box = box;
    }

    /**
     * The secret access key: 40 characters, as AWS' are.
     *
     * @param keyHash the access key id: lower-case hexadecimal SHA-256 of the project's secret key
     */
    public String secret(String keyHash) {
        return Base64.getUrlEncoder().encodeToString(box.derive("aws-access-key " + keyHash, SECRET_BYTES));
    }
}
