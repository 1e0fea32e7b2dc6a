package dev.basalt.functions.event;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The delivery of events. */
@ConfigMapping(prefix = "basalt.functions.events")
public interface EventConfig {
    /** Events of one project that are claimed and run at a time. */
    @WithDefault("32")
    int batch();

    /** How long a claim holds beyond the functions' own time; after it another host may take the event. */
    @WithDefault("PT30S")
    Duration claimMargin();

    /** Deliveries before an event is dead. */
    @WithDefault("8")
    int maxAttempts();

    /** The wait after the first failed delivery; it doubles with each, with jitter. */
    @WithDefault("PT1S")
    Duration firstRetry();

    /** The longest wait between two deliveries. */
    @WithDefault("PT10M")
    Duration longestRetry();

    /** Events caused by events: one at this depth is not delivered any more. */
    @WithDefault("8")
    int maxDepth();

    /** How often projects that were active lately are looked at for events whose nudge was lost. */
    @WithDefault("PT30S")
    Duration sweepInterval();

    /** How long after its last event a project still counts as active. */
    @WithDefault("PT10M")
    Duration activeFor();
}
