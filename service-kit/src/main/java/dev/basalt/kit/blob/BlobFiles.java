package dev.basalt.kit.blob;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The directories of a {@link FileBlobStore}: {@code objects} with what is stored, {@code unfinished} with a directory
 * for each living process. A process holds a lock on its own; one without a lock was left by a dead process and is
 * removed at the next start. So several processes may share a store.
 *
 * <p>Every method blocks. Safe for use by several threads.
 */
final class BlobFiles {
    private static final Logger LOG = Logger.getLogger(BlobFiles.class);

    /** Lock files of this process. Opening and closing one again would drop its lock: that is how POSIX has it. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path objects;
    private final Path mine;
    private final FileChannel lock;
    private final boolean fsync;

    private BlobFiles(Path objects, Path mine, FileChannel lock, boolean fsync) {
        this.objects = objects;
        this.mine = mine;
        this.lock = lock;
        this.fsync = fsync;
    }

    static BlobFiles open(Path directory, boolean fsync) throws IOException {
        Path absolute = directory.toAbsolutePath();
        Path objects = absolute.resolve("objects");
        Path unfinished = absolute.resolve("unfinished");
        createPrivate(objects);
        createPrivate(unfinished);
        clearLeftovers(unfinished);
        Path mine = unfinished.resolve(UUID.randomUUID().toString());
        // The lock comes first: whoever sees the directory finds it locked.
        Path lockFile = lockFile(mine);
        OWN.add(lockFile);
        FileChannel lock = FileChannel.open(lockFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        lock.lock();
        Files.createDirectory(mine);
        return new BlobFiles(objects, mine, lock, fsync);
    }

    private static Path lockFile(Path directory) {
        return directory.resolveSibling(directory.getFileName() + ".lock");
    }

    private static void createPrivate(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }

    private static void clearLeftovers(Path unfinished) throws IOException {
        List<Path> locks;
        try (var entries = Files.list(unfinished)) {
            locks = entries.filter(entry -> entry.toString().endsWith(".lock") && !OWN.contains(entry))
                    .toList();
        }
        for (Path file : locks) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                    FileLock dead = channel.tryLock()) {
                if (dead != null) {
                    String name = file.toString();
                    deleteTree(Path.of(name.substring(0, name.length() - ".lock".length())));
                    Files.deleteIfExists(file);
                }
            } catch (NoSuchFileException e) {
                LOG.debugf("cleared by another process just now: %s", file);
            }
        }
    }

    private static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (var entries = Files.walk(directory)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(entry);
            }
        }
    }

    Path path(BlobKey key) {
        return objects.resolve(key.namespace())
                .resolve(fan(key))
                .resolve(key.id().toString());
    }

    /** The last digits of a version 7 UUID are random, its first ones are the time. */
    private static String fan(BlobKey key) {
        String id = key.id().toString();
        return id.substring(id.length() - 2);
    }

    Path unfinished(BlobKey key) {
        return mine.resolve(key.namespace() + "." + key.id());
    }

    /** The place of a new blob, its directory made and durable. */
    Path prepare(BlobKey key) throws IOException {
        Path target = path(key);
        Path directory = objects.resolve(key.namespace()).resolve(fan(key));
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
            forceDirectory(objects.resolve(key.namespace()));
            forceDirectory(objects);
        }
        return target;
    }

    /** Gives a written file its place. */
    void publish(Path written, BlobKey key) throws IOException {
        Path target = prepare(key);
        if (Files.exists(target)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
        persist(target);
    }

    /** Makes the name of a file durable. */
    void persist(Path file) throws IOException {
        Path directory = file.getParent();
        if (directory != null) {
            forceDirectory(directory);
        }
    }

    void force(FileChannel channel) throws IOException {
        if (fsync) {
            channel.force(true);
        }
    }

    private void forceDirectory(Path directory) throws IOException {
        if (fsync) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    long freeSpace() throws IOException {
        return Files.getFileStore(objects).getUsableSpace();
    }

    /** Java has no type for "no space": the room left tells, and for quotas only the message does. */
    boolean isFull(IOException failure, long bytes) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        if (message.contains("no space left") || message.contains("quota exceeded")) {
            return true;
        }
        try {
            return bytes > 0 && freeSpace() < bytes;
        } catch (IOException e) {
            return false;
        }
    }

    List<ListedBlob> list(String namespace, @Nullable BlobKey after, int limit) throws IOException {
        var page = new ArrayList<ListedBlob>();
        Path home = objects.resolve(namespace);
        String from = after == null ? "" : fan(after);
        for (String fan : names(home)) {
            if (fan.compareTo(from) < 0) {
                continue;
            }
            for (String name : names(home.resolve(fan))) {
                if (after != null
                        && fan.equals(from)
                        && name.compareTo(after.id().toString()) <= 0) {
                    continue;
                }
                if (page.size() >= limit) {
                    return page;
                }
                BlobKey.parse(namespace + "/" + name).ifPresent(key -> add(page, key));
            }
        }
        return page;
    }

    private void add(List<ListedBlob> page, BlobKey key) {
        try {
            var attributes = Files.readAttributes(path(key), BasicFileAttributes.class);
            page.add(new ListedBlob(
                    key, attributes.size(), attributes.lastModifiedTime().toInstant()));
        } catch (IOException e) {
            LOG.debugf("deleted since its directory was read: %s", key);
        }
    }

    private static List<String> names(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    void close() {
        try {
            deleteTree(mine);
            Files.deleteIfExists(lockFile(mine));
            lock.close();
            OWN.remove(lockFile(mine));
        } catch (IOException e) {
            LOG.debug("left to the next start to clear", e);
        }
    }
}
