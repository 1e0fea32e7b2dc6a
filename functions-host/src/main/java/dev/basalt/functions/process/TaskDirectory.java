package dev.basalt.functions.process;

import dev.basalt.functions.runtime.Artifact;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A function's files on disk, which all of its instances share and none can change. Blocking.
 *
 * @param digest of paths and contents
 */
record TaskDirectory(Path directory, String digest) {
    /** Loose classes as a jar: an archive of classes can't be made from a directory. Outside of the function's own files. */
    static final String CLASSES = "classes.jar";

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
     * @throws IOException also where a path would leave the directory
     */
    static TaskDirectory unpack(Path parent, Artifact artifact, boolean jarOfClasses) throws IOException {
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
                throw new IOException("a file's path leaves its directory");
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

    /** The jars of the function, at its top and in {@code lib}, in the order of their names. */
    List<String> jars() throws IOException {
        List<String> jars = new ArrayList<>();
        for (Path where : List.of(files(), files().resolve("lib"))) {
            if (Files.isDirectory(where)) {
                try (Stream<Path> entries = Files.list(where)) {
                    entries.filter(entry -> entry.toString().endsWith(".jar"))
                            .sorted()
                            .forEach(entry -> jars.add(files().relativize(entry).toString()));
                }
            }
        }
        return jars;
    }

    /** Removes a directory and all in it; what can't be removed stays. */
    static void delete(Path directory) {
        try (Stream<Path> left = Files.walk(directory)) {
            left.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            directory.toFile().deleteOnExit();
        }
    }
}
