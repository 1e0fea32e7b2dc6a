package dev.basalt.functions.share;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.OptionalInt;

/** How many calls of functions run at a time, and how projects share that. */
@ConfigMapping(prefix = "basalt.functions.share")
public interface ShareConfig {
    /** Calls that each project may run whatever the others do, at least one. */
    @WithDefault("16")
    int own();

    /** Calls of all projects together that run beyond those; by default 32 for each processor. */
    OptionalInt common();

    /** The most calls of one project that have an instance and wait for their turn; past it 429. */
    @WithDefault("1000")
    int maxQueue();

    /** The longest wait for a turn; past it 429. */
    @WithDefault("PT10S")
    Duration queueTimeout();
}
