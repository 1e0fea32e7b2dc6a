package dev.basalt.data.rest;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Tables over HTTP. */
@ConfigMapping(prefix = "basalt.data.rest")
public interface RestConfig {
    /** The most rows that one read returns, and embeds in one row, whatever its limit says; 0 is no bound. */
    @WithDefault("1000")
    long maxRows();

    /**
     * A read that may return more rows than this is fetched as fast as it is read, instead of made into one body. It holds its
     * connection meanwhile, so more of them at once than connections make each other wait.
     */
    @WithDefault("5000")
    long streamFrom();

    /** How long such a read may take in all. Between two fetches it may stand still for 10 seconds. */
    @WithDefault("PT5M")
    Duration streamTimeout();

    /** The largest body of a write. */
    @WithDefault("10M")
    MemorySize bodyLimit();

    /** The most rows of one write that go through before hooks. */
    @WithDefault("1000")
    int maxHookedRows();

    /** Whether requests may use aggregate functions. */
    @WithDefault("true")
    boolean aggregates();

    /**
     * Whether {@code Accept: application/vnd.pgrst.plan+json} shows PostgreSQL's plan of a statement. Plans tell about rows
     * that row-level security hides.
     */
    @WithDefault("false")
    boolean plans();

    /** Whether {@code GET /rest/v1/} describes the tables and functions that the caller may use, as OpenAPI. */
    @WithDefault("true")
    boolean openApi();

    /**
     * A function without arguments ({@code schema.name}) that runs as the caller before each request, and may refuse it by
     * raising an error. Every project must have it. Unset: none.
     */
    Optional<String> preRequest();

    /** The most requests in one batch. */
    @WithDefault("100")
    int maxBatchRequests();

    /** The largest answer of a batch, in bodies of its requests. */
    @WithDefault("16M")
    MemorySize maxBatchBytes();

    /** The memory that the plans of all projects may take, roughly. */
    @WithDefault("16M")
    MemorySize planCache();
}
