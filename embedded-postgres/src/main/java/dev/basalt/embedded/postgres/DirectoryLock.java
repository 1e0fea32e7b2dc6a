package dev.basalt.embedded.postgres;

import dev.basalt.embedded.postgres.EmbeddedPostgresException.Failure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The right of one start to use a data directory: held as long as its server runs, and freed by the kernel however the
 * process ends.
 */
final class DirectoryLock {
    /** Locked by this process. Opening and closing a lock file again would drop its lock: that is how POSIX has it. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /** Takes it at once or fails with {@link Failure#DATA_IN_USE}. */
    static DirectoryLock take(Path directory) {
        if (!OWN.add(directory)) {
            throw inUse(directory);
        }
        @Nullable FileChannel channel = null;
        @Nullable FileLock lock = null;
        try {
            Directories.create(directory);
            channel = FileChannel.open(
                    directory.resolve("lock"),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            lock = channel.tryLock();
            if (lock == null) {
                throw inUse(directory);
            }
            return new DirectoryLock(directory, channel);
        } catch (IOException e) {
            throw HostSystem.failed("Cannot use the data directory " + directory, e);
        } finally {
            if (lock == null) {
                close(directory, channel);
            }
        }
    }

    private static EmbeddedPostgresException inUse(Path directory) {
        return new EmbeddedPostgresException(
                Failure.DATA_IN_USE, "Another process runs a PostgreSQL on " + directory + ": stop it first.");
    }

    void release() {
        close(directory, channel);
    }

    private static void close(Path directory, @Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw HostSystem.failed("Cannot release the lock of " + directory, e);
        } finally {
            OWN.remove(directory);
        }
    }
}
