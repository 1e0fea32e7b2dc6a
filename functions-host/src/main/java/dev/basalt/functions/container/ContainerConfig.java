package dev.basalt.functions.container;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How functions of the runtime http are called. */
@ConfigMapping(prefix = "basalt.functions.http")
public interface ContainerConfig {
    /**
     * Where functions may be besides public addresses: {@code host}, {@code host:port} or {@code *.host}, for services of the
     * operator's own network. Without a port 80 and 443 are meant.
     */
    Optional<List<String>> allow();

    /** The most calls of one function at a time where its manifest names no number. */
    @WithDefault("100")
    int maxConcurrency();

    /** The most calls of one function that wait where its manifest names no number; past it 429. */
    @WithDefault("200")
    int maxQueue();

    /** The longest wait; past it 429. */
    @WithDefault("PT10S")
    Duration queueTimeout();

    /** How long a connection may take to come about. */
    @WithDefault("PT5S")
    Duration connectTimeout();

    /** How long a connection may stay unused. */
    @WithDefault("PT60S")
    Duration idleTimeout();

    /** The most that an answer in one piece may hold, in bytes; one that flows may hold any number. */
    @WithDefault("6291456")
    int maxResponseBytes();
}
