package dev.basalt.embedded.postgres;

import dev.basalt.embedded.postgres.EmbeddedPostgresException.Failure;
import dev.basalt.embedded.postgres.PostgresCluster.Postmaster;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A PostgreSQL server that runs as long as this process: durable, reachable from this machine's loopback only, with a
 * password made when its cluster was.
 *
 * <p>It ends with {@link #close()} and also with the JVM, even one ended by SIGKILL. Its data stays. A start after any
 * such end recovers by itself. One data directory serves one process at a time.
 *
 * <p>Safe for use by any thread.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final Duration SHUTDOWN_GRACE = Duration.ofSeconds(4);
    private static final Duration ORPHAN_PATIENCE = Duration.ofSeconds(5);
    private static final int PORT_ATTEMPTS = 5;

    private final PostgresCluster cluster;
    private final ServerProcess server;
    private final ServerLog log;
    private final DirectoryLock lock;
    private final int port;
    private final String password;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedPostgres(
            PostgresCluster cluster, ServerProcess server, ServerLog log, DirectoryLock lock, int port) {
        this.cluster = cluster;
        this.server = server;
        this.log = log;
        this.lock = lock;
        this.port = port;
        this.password = cluster.password();
    }

    /**
     * Starts the server and returns when it accepts connections.
     *
     * @throws EmbeddedPostgresException with the {@link Failure}; nothing runs then
     * @throws InterruptedException when the thread was interrupted; nothing runs then
     */
    public static EmbeddedPostgres start(EmbeddedPostgresOptions options) throws InterruptedException {
        long deadline = System.nanoTime() + options.startTimeout().toNanos();
        HostSystem host =
                HostSystem.detect(Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin"));
        var cluster = new PostgresCluster(options.dataDirectory());
        DirectoryLock lock = DirectoryLock.take(options.dataDirectory());
        boolean started = false;
        try {
            PostgresBinaries binaries = PostgresBinaries.unpackedIn(options.binariesDirectory());
            cluster.initialise(binaries, host);
            awaitOrphan(cluster, host, deadline);
            cluster.removeReusedPid();
            EmbeddedPostgres running = launch(options, binaries, host, cluster, lock, deadline);
            started = true;
            return running;
        } finally {
            if (!started) {
                lock.release();
            }
        }
    }

    /**
     * Waits for a server whose launcher was killed: it got its signal and is on its way out. One that this launcher
     * never started is somebody else's, and neither stopped nor used.
     */
    private static void awaitOrphan(PostgresCluster cluster, HostSystem host, long deadline)
            throws InterruptedException {
        long patience = System.nanoTime() + ORPHAN_PATIENCE.toNanos();
        String signal = "INT";
        while (true) {
            Optional<Postmaster> live = cluster.livePostmaster();
            if (live.isEmpty()) {
                return;
            }
            Postmaster postmaster = live.get();
            if (!postmaster.ours()) {
                throw new EmbeddedPostgresException(
                        Failure.DATA_IN_USE,
                        "A PostgreSQL that Basalt did not start (process " + postmaster.pid() + ") runs on "
                                + cluster.data() + ": stop it first.");
            }
            if (System.nanoTime() > deadline) {
                throw new EmbeddedPostgresException(
                        Failure.DATA_IN_USE,
                        "The PostgreSQL of an earlier run (process " + postmaster.pid() + ") does not end.");
            }
            if (System.nanoTime() > patience) {
                host.signal(postmaster.pid(), signal);
                signal = "QUIT";
                patience = System.nanoTime() + ORPHAN_PATIENCE.toNanos();
            }
            Thread.sleep(20);
        }
    }

    private static EmbeddedPostgres launch(
            EmbeddedPostgresOptions options,
            PostgresBinaries binaries,
            HostSystem host,
            PostgresCluster cluster,
            DirectoryLock lock,
            long deadline)
            throws InterruptedException {
        int portAttempts = 1;
        long pause = 50;
        while (true) {
            int port = options.port() == 0 ? freePort() : options.port();
            var log = new ServerLog(options.dataDirectory().resolve("postgresql.log"));
            List<String> arguments = arguments(cluster, port, options.settings());
            var server = ServerProcess.start(host, host.server(binaries.program("postgres"), arguments), log);
            boolean ready = false;
            try {
                ready = awaitReady(server, cluster, deadline);
                if (ready) {
                    return new EmbeddedPostgres(cluster, server, log, lock, port);
                }
            } finally {
                if (!ready) {
                    server.stop(Duration.ofSeconds(1));
                }
            }
            EmbeddedPostgresException why = HostSystem.failed("PostgreSQL did not start", log.tail());
            if (System.nanoTime() > deadline) {
                throw new EmbeddedPostgresException(
                        Failure.TIMED_OUT,
                        "PostgreSQL did not accept connections within " + options.startTimeout() + ":\n" + log.tail());
            }
            if (why.failure() == Failure.PORT_IN_USE && options.port() == 0 && portAttempts < PORT_ATTEMPTS) {
                // Somebody took the free port between our look and PostgreSQL's bind.
                portAttempts++;
            } else if (why.failure() == Failure.FAILED && predecessorLeaves(log.tail())) {
                Thread.sleep(pause);
                pause = Math.min(pause * 2, 1000);
                awaitOrphan(cluster, host, deadline);
            } else {
                throw why;
            }
        }
    }

    /** Backends of a killed postmaster outlive it for a moment, and PostgreSQL waits for the last one's end. */
    private static boolean predecessorLeaves(String output) {
        return output.contains("pre-existing shared memory block")
                || output.contains("lock file \"postmaster.pid\" already exists");
    }

    private static boolean awaitReady(ServerProcess server, PostgresCluster cluster, long deadline)
            throws InterruptedException {
        while (System.nanoTime() < deadline) {
            if (cluster.isReady(server.pid())) {
                return true;
            }
            if (!server.isAlive()) {
                return false;
            }
            Thread.sleep(5);
        }
        return false;
    }

    private static List<String> arguments(PostgresCluster cluster, int port, Map<String, String> overrides) {
        var settings = new LinkedHashMap<String, String>();
        settings.put("max_connections", "200");
        settings.put("fsync", "on");
        settings.put("wal_level", "logical");
        settings.put("password_encryption", "scram-sha-256");
        settings.put("log_min_messages", "warning");
        settings.put("log_line_prefix", "%m [%p] %q%u@%d ");
        settings.put("log_timezone", "UTC");
        settings.put("timezone", "UTC");
        settings.putAll(overrides);
        settings.put("listen_addresses", "127.0.0.1");
        settings.put("unix_socket_directories", "");
        settings.put("port", Integer.toString(port));
        var arguments = new ArrayList<>(List.of("-D", cluster.data().toString(), "-c", PostgresCluster.MARK));
        settings.forEach((name, value) -> arguments.addAll(List.of("-c", name + "=" + value)));
        return arguments;
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new EmbeddedPostgresException(Failure.PORT_IN_USE, "No loopback port is free", e);
        }
    }

    /** The loopback port it listens on. */
    public int port() {
        return port;
    }

    /** The name of the superuser. */
    public String superuser() {
        return PostgresCluster.SUPERUSER;
    }

    /** The superuser's password. */
    public String password() {
        return password;
    }

    /** The JDBC address of a database, without user and password. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** The server's log, of bounded size. */
    public Path logFile() {
        return log.file();
    }

    /** The process id of the server. */
    public long pid() {
        return server.pid();
    }

    /** Whether the server process runs. */
    public boolean isAlive() {
        return server.isAlive();
    }

    /** Completes with the exit code when the server ended, by {@link #close()} or by itself. */
    public CompletableFuture<Integer> onExit() {
        return server.exit().copy();
    }

    /**
     * Ends the server: within 4 s with a checkpoint, after that immediately, to be recovered at the next start. Only
     * the first call does anything.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            server.stop(SHUTDOWN_GRACE);
            lock.release();
        }
    }

    @Override
    public String toString() {
        return "PostgreSQL on 127.0.0.1:" + port + " in " + cluster.data();
    }
}
