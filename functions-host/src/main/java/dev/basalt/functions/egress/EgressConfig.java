package dev.basalt.functions.egress;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What functions may do on the internet. */
@ConfigMapping(prefix = "basalt.functions.egress")
public interface EgressConfig {
    /**
     * Address ranges that functions may reach although they are private, as {@code 10.1.0.0/16}: of services that the operator
     * runs for them. A function still needs the name in its own egress list.
     */
    Optional<List<String>> allowPrivate();

    /** The most calls that one invocation makes, those to Basalt's own APIs included. */
    @WithDefault("1000")
    int maxCalls();

    /** The most of them at a time; more wait in the function. */
    @WithDefault("50")
    int maxOpenCalls();

    /** The most bytes that one call may send. */
    @WithDefault("268435456")
    long maxRequestBytes();

    /** The most bytes that one call may receive, after decompression. */
    @WithDefault("268435456")
    long maxResponseBytes();

    /** The longest chain of redirects that is followed. */
    @WithDefault("20")
    int maxRedirects();

    /** How long a connection may take to come about. */
    @WithDefault("PT10S")
    Duration connectTimeout();

    /** How long a connection may stay silent in the middle of a call, and unused between two. */
    @WithDefault("PT60S")
    Duration idleTimeout();

    /** Connections to one host and port at a time, of all functions together. */
    @WithDefault("100")
    int maxConnections();

    /** Calls that wait for one of those; one more fails. */
    @WithDefault("1000")
    int maxWaiting();
}
