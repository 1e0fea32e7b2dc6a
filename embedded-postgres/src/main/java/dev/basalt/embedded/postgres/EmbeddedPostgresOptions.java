package dev.basalt.embedded.postgres;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * How to start an embedded PostgreSQL.
 *
 * @param dataDirectory holds everything that must last: the cluster in {@code pgdata}, the superuser's password and
 *     the log; made with mode 0700 where it is missing
 * @param binariesDirectory where the binaries are unpacked, as {@code pg-<version>}; several processes may share it
 * @param port the loopback port to listen on, or 0 for a free one
 * @param settings PostgreSQL settings that override the launcher's; the ones that would open the server to other
 *     machines are refused
 * @param startTimeout how long a start may take, crash recovery included
 */
public record EmbeddedPostgresOptions(
        Path dataDirectory, Path binariesDirectory, int port, Map<String, String> settings, Duration startTimeout) {

    private static final Set<String> FIXED =
            Set.of("listen_addresses", "port", "unix_socket_directories", "data_directory", "hba_file", "ssl");

    /** Checks the values and copies the settings. */
    public EmbeddedPostgresOptions {
        dataDirectory = dataDirectory.toAbsolutePath().normalize();
        binariesDirectory = binariesDirectory.toAbsolutePath().normalize();
        settings = Map.copyOf(settings);
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port must be 0 to 65535, not " + port);
        }
        if (startTimeout.isNegative() || startTimeout.isZero()) {
            throw new IllegalArgumentException("startTimeout must be positive");
        }
        for (var setting : settings.entrySet()) {
            String name = setting.getKey();
            if (!name.matches("[a-z_][a-z0-9_.]{0,62}") || FIXED.contains(name)) {
                throw new IllegalArgumentException("setting not allowed: " + name);
            }
            if (setting.getValue().indexOf('\0') >= 0) {
                throw new IllegalArgumentException("NUL in the value of setting " + name);
            }
        }
    }

    /** Everything below one directory, a free port, the launcher's settings, two minutes to start. */
    public static EmbeddedPostgresOptions in(Path dataDirectory) {
        return new EmbeddedPostgresOptions(dataDirectory, dataDirectory, 0, Map.of(), Duration.ofMinutes(2));
    }

    /** The same with another directory for the unpacked binaries. */
    public EmbeddedPostgresOptions withBinariesDirectory(Path directory) {
        return new EmbeddedPostgresOptions(dataDirectory, directory, port, settings, startTimeout);
    }

    /** The same with another port. */
    public EmbeddedPostgresOptions withPort(int newPort) {
        return new EmbeddedPostgresOptions(dataDirectory, binariesDirectory, newPort, settings, startTimeout);
    }

    /** The same with other settings. */
    public EmbeddedPostgresOptions withSettings(Map<String, String> newSettings) {
        return new EmbeddedPostgresOptions(dataDirectory, binariesDirectory, port, newSettings, startTimeout);
    }

    /** The same with another start timeout. */
    public EmbeddedPostgresOptions withStartTimeout(Duration timeout) {
        return new EmbeddedPostgresOptions(dataDirectory, binariesDirectory, port, settings, timeout);
    }
}
