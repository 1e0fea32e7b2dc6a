package dev.basalt.kit.usage;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;

/** How usage is journalled and flushed to the control database. */
@ConfigMapping(prefix = "basalt.usage")
public interface UsageConfig {
    /** The journal's directory, of this process alone. */
    @WithDefault("${basalt.data:.basalt}/usage")
    Path directory();

    /** How often the journal is flushed. */
    @WithDefault("PT5S")
    Duration flushInterval();

    /** Size of one journal segment; a full one is followed by the next. */
    @WithDefault("4M")
    MemorySize segmentSize();

    /** Segments kept while the control database is away; past them the newest records are lost, loudly. */
    @WithDefault("64")
    int maxSegments();

    /** Requests a flush writes to the request log, errors first; every one is counted all the same. */
    @WithDefault("2000")
    int requestLogPerFlush();

    /** How long the request log is kept. */
    @WithDefault("P7D")
    Duration requestLogRetention();
}
