package dev.basalt.kit.lifecycle;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What a process does when it starts and stops. */
@ConfigMapping(prefix = "basalt.lifecycle")
public interface LifecycleConfig {
    /** Whether this process migrates the databases; the others wait until one has. */
    @WithDefault("false")
    boolean migrate();

    /** How long a start waits for the control database. */
    @WithDefault("PT60S")
    Duration startTimeout();

    /** How long a stop waits for the last flush of usage; what is not flushed stays in the journal. */
    @WithDefault("PT2S")
    Duration stopTimeout();
}
