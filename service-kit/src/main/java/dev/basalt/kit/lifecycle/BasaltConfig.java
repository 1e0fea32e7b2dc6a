package dev.basalt.kit.lifecycle;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.nio.file.Path;
import java.util.Optional;

/** What concerns the process as a whole. As it maps the root, a misspelt {@code basalt.*} property fails the start. */
@ConfigMapping(prefix = "basalt")
public interface BasaltConfig {
    /** The directory for everything this process keeps on disk. */
    @WithDefault(".basalt")
    Path data();

    /** The address to listen on. */
    @WithDefault("127.0.0.1")
    String host();

    /** The port to listen on; 0 picks a free one. */
    @WithDefault("8000")
    int port();

    /** The port for health and metrics of a service that runs alone; the standalone has them on its one port. */
    @WithName("management.port")
    @WithDefault("9000")
    int managementPort();

    /**
     * Where the embedded PostgreSQL's binaries are unpacked, so that several data directories can share them; the data
     * directory if it is not set.
     */
    @WithName("postgres.binaries")
    Optional<Path> postgresBinaries();

    /** Whether OpenTelemetry is off; its exporter is configured by {@code QUARKUS_OTEL_*}. */
    @WithName("telemetry.disabled")
    @WithDefault("true")
    boolean telemetryDisabled();

    /** Whether to stop as soon as every service answers, as for recording a start in an AOT cache. */
    @WithDefault("false")
    boolean exitWhenReady();

    /** Whether to do some work of each kind before the stop of {@code BASALT_EXIT_WHEN_READY}; it leaves users, tables and functions behind. */
    @WithDefault("false")
    boolean rehearse();
}
