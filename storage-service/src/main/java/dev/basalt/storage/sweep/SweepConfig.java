package dev.basalt.storage.sweep;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The clearing of blobs that no object names. */
@ConfigMapping(prefix = "basalt.storage.sweep")
public interface SweepConfig {
    /** How often, in projects that were written to. */
    @WithDefault("PT1H")
    Duration every();

    /** How old such a blob must be: longer than any upload takes. */
    @WithDefault("PT24H")
    Duration age();
}
