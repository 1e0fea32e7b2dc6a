package dev.basalt.kit.secret;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Base64;

/** Makes the application's {@link SecretBox} from its configuration. */
final class SecretBoxProducer {
    @Produces
    @Singleton
    SecretBox secretBox(MasterKeyConfig config) {
        var encoded = config.masterKey()
                .orElseThrow(() -> new IllegalStateException(
                        "BASALT_SECRET_MASTER_KEY is not set: 32 random bytes in Base64, the same for every service"));
        return new SecretBox(Base64.getDecoder().decode(encoded));
    }
}
