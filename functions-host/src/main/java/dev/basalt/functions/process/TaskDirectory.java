package dev.basalt.functions.process;

import dev.basalt.functions.runtime.Artifact;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A function's files on disk, which all of its instances share and none can change. Blocking.
 *
 * @param digest of paths and contents
 */
record TaskDirectory(Path directory, String digest) {
    /** Loose classes as a jar: an archive of classes can't be made from a directory. Outside of the function's own files. */
    static final String CLASSES = "classes.jar";

    private static final Logger LOG = Logger.getLogger(TaskDirectory.class);
    private static final String FILES = "task";
    private static final FileTime TIME = FileTime.fromMillis(1_000_000_000_000L);
    private static final Set<PosixFilePermission> MODE = EnumSet.of(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_EXECUTE,
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_EXECUTE);

    /**
     * Writes the files into a new directory below the parent.
     *
     * @throws Launches.UnsupportedException where a path would leave the directory
     */
    static TaskDirectory unpack(Path parent, Artifact artifact, boolean jarOfClasses)
            throws IOException, Launches.UnsupportedException {
        Path directory = Files.createTempDirectory(parent, "task-");
        Path root = Files.createDirectory(directory.resolve(FILES));
        MessageDigest digest = RuntimeHome.sha256();
        Map<String, byte[]> loose = new TreeMap<>();
        for (Map.Entry<String, Buffer> file : new TreeMap<>(artifact.files()).entrySet()) {
            byte[] content = file.getValue().getBytes();
            digest.update(file.getKey().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            digest.update(Integer.toString(content.length).getBytes(StandardCharsets.US_ASCII));
            digest.update((byte) 0);
            digest.update(content);
            Path path = root.resolve(file.getKey()).normalize();
            if (!path.startsWith(root) || path.equals(root)) {
                throw new Launches.UnsupportedException("a file's path leaves the function's directory");
            }
            Path above = path.getParent();
            if (above != null) {
                Files.createDirectories(above);
            }
            Files.write(path, content);
            Files.setPosixFilePermissions(path, MODE);
            Files.setLastModifiedTime(path, TIME);
            if (jarOfClasses && !file.getKey().endsWith(".jar")) {
                loose.put(file.getKey(), content);
            }
        }
        if (jarOfClasses) {
            RuntimeHome.writeJar(directory.resolve(CLASSES), loose);
        }
        return new TaskDirectory(
                directory, HexFormat.of().formatHex(digest.digest()).substring(0, 32));
    }

    /** The directory of the function's own files. */
    Path files() {
        return directory.resolve(FILES);
    }

    /** Removes a directory and all in it; others may do so at the same time. What can't be removed stays. */
    static void delete(Path directory) {
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
                        throws IOException {
                    Files.deleteIfExists(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            LOG.warnf("%s can't be removed: %s", directory, e.getMessage());
        }
    }
}
