package dev.basalt.standalone;

import dev.basalt.embedded.postgres.EmbeddedPostgres;
import dev.basalt.embedded.postgres.EmbeddedPostgresException;
import dev.basalt.embedded.postgres.EmbeddedPostgresOptions;
import java.nio.file.Path;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * The embedded PostgreSQL, started again on the same port when it ends unasked. Safe for use by any thread.
 */
final class SupervisedPostgres implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(SupervisedPostgres.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private final EmbeddedPostgresOptions options;
    private EmbeddedPostgres server;
    private boolean closed;

    private SupervisedPostgres(EmbeddedPostgresOptions options, EmbeddedPostgres server) {
        this.options = options;
        this.server = server;
    }

    static SupervisedPostgres start(Path directory, Path binaries) throws InterruptedException {
        var options = EmbeddedPostgresOptions.in(directory).withBinariesDirectory(binaries);
        var server = EmbeddedPostgres.start(options);
        var supervised = new SupervisedPostgres(options.withPort(server.port()), server);
        supervised.watch(server);
        return supervised;
    }

    /** The superuser's URL of the control database. */
    synchronized String url() {
        return "postgresql://%s:%s@127.0.0.1:%d/basalt".formatted(server.superuser(), server.password(), server.port());
    }

    private void watch(EmbeddedPostgres watched) {
        var _ = watched.onExit()
                .thenAccept(code ->
                        Thread.ofPlatform().daemon().name("restart-postgres").start(() -> restart(code)));
    }

    private void restart(int code) {
        for (var pause = FIRST_PAUSE; !isClosed(); pause = longer(pause)) {
            LOG.warnf("PostgreSQL ended by itself (exit code %d) and is started again", code);
            try {
                Thread.sleep(pause);
                startAgain();
                return;
            } catch (EmbeddedPostgresException failed) {
                LOG.error("PostgreSQL could not be started again", failed);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static Duration longer(Duration pause) {
        var doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized void startAgain() throws InterruptedException {
        if (closed) {
            return;
        }
        // Releases the ended server's hold on the data directory.
        server.close();
        server = EmbeddedPostgres.start(options);
        watch(server);
    }

    @Override
    public synchronized void close() {
        closed = true;
        server.close();
    }
}
