package dev.basalt.kit.secret;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithName;
import java.util.Optional;

/** The secrets that come from configuration: {@code BASALT_SECRET_MASTER_KEY} and {@code BASALT_SECRET_PLATFORM_KEY}. */
@ConfigMapping(prefix = "basalt.secret")
public interface MasterKeyConfig {
    /** 32 bytes in Base64, with which secrets are encrypted at rest. The standalone makes one in its data directory. */
    @WithName("master-key")
    Optional<String> masterKey();

    /** The operator's key for {@code /platform/v1}. Without one, only project keys are accepted there. */
    @WithName("platform-key")
    Optional<String> platformKey();
}
