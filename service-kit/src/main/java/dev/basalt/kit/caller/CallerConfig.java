package dev.basalt.kit.caller;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How callers are recognised. */
@ConfigMapping(prefix = "basalt.caller")
public interface CallerConfig {
    /** Verified tokens kept in memory until they expire. */
    @WithDefault("20000")
    int tokenCacheSize();
}
