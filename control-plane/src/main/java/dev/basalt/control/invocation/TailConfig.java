package dev.basalt.control.invocation;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Following what functions do. */
@ConfigMapping(prefix = "basalt.control.tail")
interface TailConfig {
    /** How many may follow at a time, over all projects; one more is refused with 429. */
    @WithDefault("200")
    int maxFollowers();

    /** Bytes that wait for one follower who reads slowly; past it, that one is dropped with a word. */
    @WithDefault("1048576")
    int maxWaitingBytes();

    /** After how long a follower has to ask again, with credentials that hold then. */
    @WithDefault("PT1H")
    Duration maxAge();
}
