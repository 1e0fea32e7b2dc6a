package dev.basalt.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The directory that holds everything one Basalt keeps: mode 0700, and locked for as long as the process lives, so that
 * two can't share it.
 */
final class DataDirectory implements AutoCloseable {
    private static final Set<PosixFilePermission> OWNER_ONLY_DIRECTORY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWNER_ONLY_FILE = PosixFilePermissions.fromString("rw-------");
    private final Path path;

    /** Held open for the life of the process: the kernel lets go of it even at kill -9. */
    private final FileLock lock;

    private DataDirectory(Path path, FileLock lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Opens and locks a data directory, making it if need be.
     *
     * @throws StartupException if another process holds it or it can't be written
     */
    static DataDirectory open(Path directory) {
        var path = directory.toAbsolutePath().normalize();
        try {
            Files.createDirectories(path);
            Files.setPosixFilePermissions(path, OWNER_ONLY_DIRECTORY);
            var channel =
                    FileChannel.open(path.resolve("basalt.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            var lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                throw new StartupException("another Basalt is running on " + path
                        + "; stop it with ./basalt stop, or choose another directory with BASALT_DATA");
            }
            return new DataDirectory(path, lock);
        } catch (IOException e) {
            throw new StartupException("the data directory " + path + " can't be used: " + e.getMessage());
        }
    }

    Path path() {
        return path;
    }

    /** Lets another process, or another start in this one, have the directory. */
    @Override
    public void close() {
        try {
            lock.acquiredBy().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The content of a file, or null if it is not there. */
    @Nullable
    String read(String name) throws IOException {
        var file = path.resolve(name);
        return Files.exists(file) ? Files.readString(file) : null;
    }

    /** Replaces a file as a whole, readable by its owner alone. */
    void write(String name, String content) throws IOException {
        var temporary = Files.createTempFile(path, name, ".tmp", PosixFilePermissions.asFileAttribute(OWNER_ONLY_FILE));
        Files.writeString(temporary, content);
        try (var channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(temporary, path.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    void delete(String name) throws IOException {
        Files.deleteIfExists(path.resolve(name));
    }
}
