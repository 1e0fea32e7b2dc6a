package dev.basalt.kit.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The HTTP side of every service. */
@ConfigMapping(prefix = "basalt.http")
public interface HttpConfig {
    /** The largest body of a request where an endpoint states no limit of its own. */
    @WithDefault("1M")
    MemorySize bodyLimit();

    /** What the bodies of all requests together may hold in memory; past it a request is answered 503. */
    @WithDefault("192M")
    MemorySize bodiesInMemory();

    /** How long the rest of a refused body is read and thrown away, before the connection is closed. */
    @WithDefault("PT10S")
    Duration drain();
}
