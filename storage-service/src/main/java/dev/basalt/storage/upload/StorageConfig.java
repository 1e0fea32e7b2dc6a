package dev.basalt.storage.upload;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Object storage. */
@ConfigMapping(prefix = "basalt.storage")
public interface StorageConfig {
    /** The most bytes an object may have; a bucket may allow less. */
    @WithDefault("5G")
    MemorySize fileSizeLimit();

    /** How long a signed upload URL holds. */
    @WithDefault("PT2H")
    Duration uploadUrlLife();
}
