package dev.basalt.control.migration;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Migrations that apps push. */
@ConfigMapping(prefix = "basalt.control.migrations")
interface MigrationConfig {
    /** PostgreSQL cancels a statement of a migration after this. */
    @WithDefault("PT10M")
    Duration statementTimeout();

    /** How long a push waits for another one's file. */
    @WithDefault("PT60S")
    Duration lockWait();

    /** The largest push. */
    @WithDefault("16M")
    MemorySize bodyLimit();
}
