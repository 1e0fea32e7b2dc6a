package dev.basalt.embedded.postgres;

import dev.basalt.embedded.postgres.EmbeddedPostgresException.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The files of one PostgreSQL cluster: {@code pgdata} and the superuser's password beside it.
 *
 * <p>The caller holds the lock of the data directory. Nothing here ever removes a cluster: initdb works in a directory
 * of its own that is renamed when it is whole.
 *
 * @param directory the data directory that holds both
 */
record PostgresCluster(Path directory) {
    static final String SUPERUSER = "postgres";

    /** A setting without meaning to PostgreSQL; on its command line it says that this launcher started it. */
    static final String MARK = "basalt.embedded=on";

    private static final SecureRandom RANDOM = new SecureRandom();

    Path data() {
        return directory.resolve("pgdata");
    }

    Path pidFile() {
        return data().resolve("postmaster.pid");
    }

    private Path passwordFile() {
        return directory.resolve("superuser.password");
    }

    /** Makes the cluster where there is none, or checks that the one found fits the binaries. */
    void initialise(PostgresBinaries binaries, HostSystem host) {
        try {
            if (!Files.exists(data()) || Directories.isEmpty(data())) {
                create(binaries, host);
                return;
            }
            Path versionFile = data().resolve("PG_VERSION");
            if (!Files.isRegularFile(versionFile) || !Files.isRegularFile(data().resolve("global/pg_control"))) {
                throw new EmbeddedPostgresException(
                        Failure.DATA_DAMAGED,
                        data() + " is no complete PostgreSQL cluster. It was left as it is: restore or remove it.");
            }
            String version = Files.readString(versionFile).strip();
            if (!version.equals(binaries.majorVersion())) {
                throw new EmbeddedPostgresException(
                        Failure.DATA_OF_ANOTHER_VERSION,
                        data() + " was made by PostgreSQL " + version + ", the binaries here are "
                                + binaries.version() + ". It was left as it is: dump it with the old version and"
                                + " restore it into a new data directory.");
            }
        } catch (IOException e) {
            throw HostSystem.failed("Cannot prepare " + data(), e);
        }
    }

    private void create(PostgresBinaries binaries, HostSystem host) throws IOException {
        Path unfinished = directory.resolve("pgdata.initialising");
        Directories.delete(unfinished);
        writePassword();
        HostSystem.run(host.foreground(
                binaries.program("initdb"),
                List.of(
                        "--auth=scram-sha-256",
                        "--pwfile=" + passwordFile(),
                        "--username=" + SUPERUSER,
                        "--pgdata=" + unfinished,
                        "--encoding=UTF8",
                        "--locale=C.UTF-8",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                        "--data-checksums")));
        Files.move(unfinished, data(), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Keeps a password that is there: a first start may have died between it and initdb. */
    private void writePassword() throws IOException {
        if (Files.isRegularFile(passwordFile()) && Files.size(passwordFile()) > 16) {
            return;
        }
        Files.deleteIfExists(passwordFile());
        byte[] secret = new byte[24];
        RANDOM.nextBytes(secret);
        Files.createFile(
                passwordFile(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                passwordFile(),
                Base64.getUrlEncoder().withoutPadding().encodeToString(secret) + "\n",
                StandardOpenOption.SYNC);
    }

    String password() {
        try {
            return Files.readString(passwordFile()).strip();
        } catch (IOException e) {
            throw new EmbeddedPostgresException(
                    Failure.DATA_DAMAGED, "The superuser's password cannot be read from " + passwordFile(), e);
        }
    }

    /** The live process named by {@code postmaster.pid} that really serves this cluster. */
    Optional<Postmaster> livePostmaster() {
        Optional<Long> pid = pidInFile();
        if (pid.isEmpty()) {
            return Optional.empty();
        }
        Path process = Path.of("/proc", pid.get().toString());
        try {
            String state = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            // The state follows the name, which is in brackets and may hold anything.
            boolean gone = Set.of('Z', 'X').contains(state.charAt(state.lastIndexOf(')') + 2));
            String commandLine = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
            if (gone || !servesThis(process, commandLine)) {
                return Optional.empty();
            }
            return Optional.of(new Postmaster(pid.get(), commandLine.contains(MARK)));
        } catch (IOException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private boolean servesThis(Path process, String commandLine) {
        if (!commandLine.contains("postgres")) {
            return false;
        }
        try {
            // A postmaster works in its data directory.
            return Files.isSameFile(process.resolve("cwd"), data());
        } catch (IOException e) {
            return commandLine.contains(data().toString());
        }
    }

    /**
     * Removes {@code postmaster.pid} when the process it names is no postmaster of this cluster but another program
     * that got the number since; PostgreSQL itself would refuse to start then. A number that nobody has is left to
     * PostgreSQL, which then also checks for surviving backends.
     */
    void removeReusedPid() {
        Optional<Long> pid = pidInFile();
        if (pid.isPresent()
                && livePostmaster().isEmpty()
                && ProcessHandle.of(pid.get()).isPresent()) {
            try {
                Files.deleteIfExists(pidFile());
            } catch (IOException e) {
                throw HostSystem.failed("Cannot remove the stale " + pidFile(), e);
            }
        }
    }

    private Optional<Long> pidInFile() {
        try {
            List<String> lines = Files.readAllLines(pidFile());
            return lines.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Long.valueOf(lines.getFirst().strip()));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Whether the server with this process id has written that it accepts connections. */
    boolean isReady(long pid) {
        try {
            List<String> lines = Files.readAllLines(pidFile());
            return lines.size() >= 8
                    && lines.getFirst().strip().equals(Long.toString(pid))
                    && lines.get(7).strip().equals("ready");
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * A running server on this cluster.
     *
     * @param pid its process id
     * @param ours whether this launcher, in this or another JVM, started it
     */
    record Postmaster(long pid, boolean ours) {}
}
