package dev.basalt.data.documents;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Documents over HTTP. */
@ConfigMapping(prefix = "basalt.data.documents")
public interface DocumentsConfig {
    /** The most writes of one commit. */
    @WithDefault("500")
    int maxWrites();

    /** The largest body of a commit. */
    @WithDefault("10M")
    MemorySize commitLimit();

    /** The most documents of one page, and of one batch get. */
    @WithDefault("1000")
    int maxPage();

    /** How many documents a page has where the query does not say. */
    @WithDefault("100")
    int defaultPage();

    /** The most groups of one aggregate. */
    @WithDefault("1000")
    int maxGroups();

    /** Of how many documents on a query that no index serves is answered with a hint; 0 is never. */
    @WithDefault("1000")
    int hintFrom();

    /** The most live queries of one project in this process. */
    @WithDefault("10000")
    int maxLiveQueries();

    /** How long changes are gathered before live queries run again. */
    @WithDefault("PT0.01S")
    Duration liveGather();

    /** How often an idle live query says that it is alive. */
    @WithDefault("PT15S")
    Duration liveHeartbeat();

    /** How many live queries of one project run again at once. */
    @WithDefault("4")
    int liveConcurrency();

    /** How often expired documents of projects in use are removed. */
    @WithDefault("PT1M")
    Duration sweepInterval();
}
