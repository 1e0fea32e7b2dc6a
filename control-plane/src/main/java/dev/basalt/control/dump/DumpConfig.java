package dev.basalt.control.dump;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Dumps and restores. */
@ConfigMapping(prefix = "basalt.control.dumps")
interface DumpConfig {
    /** Dumps and restores that run at once in one process; one more is answered 429. */
    @WithDefault("2")
    int atOnce();

    /** How long a restore waits for more of the file before it is rolled back. */
    @WithDefault("PT60S")
    Duration stall();
}
