package dev.basalt.functions.invoke;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The records of invocations. */
@ConfigMapping(prefix = "basalt.functions.invocations")
public interface InvocationConfig {
    /** How often records are written that do not fill a statement. */
    @WithDefault("PT1S")
    Duration flushInterval();

    /** How long a stop waits for the last records to be written. */
    @WithDefault("PT1S")
    Duration stopTimeout();

    /** How long an invocation may take before it gets a record while it runs; what ends sooner is written once, at its end. */
    @WithDefault("PT0.3S")
    Duration visibleAfter();

    /**
     * How long past its time limit an invocation without an end counts as lost: its host died. Covers waiting for an instance.
     */
    @WithDefault("PT1M")
    Duration lostAfter();

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
