package dev.basalt.kit.control;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Where PostgreSQL is and how much of it one process uses. */
@ConfigMapping(prefix = "basalt.database")
public interface DatabaseConfig {
    /**
     * {@code postgresql://user:password@host:port/database}: a superuser (roles, databases and event triggers are made
     * with it) and the control database, which is created if it is not there. Unset in the standalone: the embedded
     * PostgreSQL is started.
     */
    Optional<String> url();

    /** Connections to the control database. */
    @WithDefault("4")
    int controlPoolSize();

    /** How long a statement on the control database may take, the wait for a connection included. */
    @WithDefault("PT30S")
    Duration controlTimeout();

    /** Connections to one project's database for the requests of each role: anon, authenticated, service and platform. */
    @WithDefault("10")
    int projectPoolSize();

    /** Connections to one project's database for SQL with the secret key. */
    @WithDefault("2")
    int ownerPoolSize();

    /** Requests that wait for a connection of one project, reads that share one counted once; one more is answered 503. */
    @WithDefault("1000")
    int waitQueueSize();

    /** How long a request waits for a connection before it is answered 503. */
    @WithDefault("PT5S")
    Duration connectionWait();

    /** How long one attempt to connect may take. */
    @WithDefault("PT5S")
    Duration connectTimeout();

    /** How long a connection may lie idle before it is closed. */
    @WithDefault("PT30S")
    Duration connectionIdle();

    /** How long a project's pool may go unused before it is closed. */
    @WithDefault("PT2M")
    Duration poolIdle();

    /** Projects with an open pool; over it the least recently used closes. */
    @WithDefault("1000")
    int maxOpenProjects();

    /** PostgreSQL cancels a request's statement after this. */
    @WithDefault("PT15S")
    Duration statementTimeout();
}
