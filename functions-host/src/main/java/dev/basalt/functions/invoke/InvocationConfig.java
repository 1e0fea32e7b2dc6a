package dev.basalt.functions.invoke;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The records of invocations. */
@ConfigMapping(prefix = "basalt.functions.invocations")
public interface InvocationConfig {
    /** How often records are written. */
    @WithDefault("PT1S")
    Duration flushInterval();

    /** Records that wait to be written; past it new ones are dropped and counted. */
    @WithDefault("10000")
    int maxWaiting();

    /** How long records are kept. */
    @WithDefault("P7D")
    Duration retention();

    /** Printed bytes kept in one record. */
    @WithDefault("32768")
    int maxLogBytes();
}
