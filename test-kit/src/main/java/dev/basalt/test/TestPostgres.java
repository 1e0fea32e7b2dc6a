package dev.basalt.test;

import dev.basalt.embedded.postgres.EmbeddedPostgres;
import dev.basalt.embedded.postgres.EmbeddedPostgresOptions;
import java.nio.file.Path;
import java.util.Map;
import org.jboss.logging.Logger;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** A PostgreSQL for tests: a container where a Docker engine answers, else the embedded one. Not durable, but quick. */
sealed interface TestPostgres extends AutoCloseable {
    /** The connection URL of the control database, which is not there yet. */
    String url();

    @Override
    void close();

    /**
     * Starts one and says which.
     *
     * @param directory for the data of the embedded one
     */
    static TestPostgres start(Path directory) throws InterruptedException {
        var log = Logger.getLogger(TestPostgres.class);
        if (DockerEngine.answers()) {
            try {
                var container = Container.start();
                log.infof("tests use PostgreSQL in a container (%s)", Container.IMAGE);
                return container;
            } catch (RuntimeException unusable) {
                log.warnf("a Docker engine answers, but runs no %s: %s", Container.IMAGE, unusable.getMessage());
            }
        }
        var embedded = Embedded.start(directory);
        log.info("tests use the embedded PostgreSQL");
        return embedded;
    }

    private static String url(String user, String password, String host, int port) {
        return "postgresql://%s:%s@%s:%d/basalt".formatted(user, password, host, port);
    }

    /** In a container, removed with it. */
    record Container(PostgreSQLContainer server) implements TestPostgres {
        private static final String IMAGE = "postgres:18-alpine";

        static Container start() {
            var server = new PostgreSQLContainer(DockerImageName.parse(IMAGE))
                    .withUsername("postgres")
                    .withPassword("for-tests-only")
                    .withDatabaseName("postgres");
            // As the embedded one is set, but for the disk flush at each commit, which is not what these tests are
            // about.
            server.setCommand("postgres", "-c", "fsync=off", "-c", "wal_level=logical", "-c", "max_connections=200");
            server.start();
            return new Container(server);
        }

        @Override
        public String url() {
            return TestPostgres.url(
                    server.getUsername(), server.getPassword(), server.getHost(), server.getMappedPort(5432));
        }

        @Override
        public void close() {
            server.stop();
        }
    }

    /** In this process' company, in a directory. */
    record Embedded(EmbeddedPostgres server) implements TestPostgres {
        static Embedded start(Path directory) throws InterruptedException {
            var binaries = Path.of(System.getProperty("java.io.tmpdir"), "basalt-test-binaries");
            return new Embedded(EmbeddedPostgres.start(EmbeddedPostgresOptions.in(directory)
                    .withBinariesDirectory(binaries)
                    .withSettings(Map.of("fsync", "off"))));
        }

        @Override
        public String url() {
            return TestPostgres.url(server.superuser(), server.password(), "127.0.0.1", server.port());
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
