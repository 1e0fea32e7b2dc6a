package dev.basalt.data.schema;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;

/** What the data service knows of projects' schemas. */
@ConfigMapping(prefix = "basalt.data.schema")
public interface SchemaConfig {
    /** The schemas that requests may name; the first is the one they mean when they name none. */
    @WithDefault("public,documents")
    List<String> exposed();

    /** Projects whose schema is kept; over it the least recently used is dropped and loaded again when asked for. */
    @WithDefault("1000")
    int maxProjects();

    /** How long the schema of a project without requests is kept, and a connection listens for its changes. */
    @WithDefault("PT2M")
    Duration idle();

    /**
     * The least time between two reloads that requests for unknown tables or columns cause. Changes are announced by
     * PostgreSQL and reload at once.
     */
    @WithDefault("PT1S")
    Duration missInterval();

    /** The longest pause between two attempts to listen again after the connection broke; the first is a hundredth of it. */
    @WithDefault("PT10S")
    Duration listenBackoff();
}
