package dev.basalt.kit.project;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How projects are found and kept. */
@ConfigMapping(prefix = "basalt.projects")
public interface ProjectsConfig {
    /** {@code <ref>.<domain>} in the Host header names a project. */
    @WithDefault("localhost")
    String domain();

    /** Projects kept in memory. */
    @WithDefault("10000")
    int cacheSize();

    /** Age at which a project in memory is read again in the background, should a notification have been lost. */
    @WithDefault("PT30S")
    Duration cacheRefresh();

    /** Blank, migrated databases kept ready for new projects. */
    @WithDefault("2")
    int stock();
}
