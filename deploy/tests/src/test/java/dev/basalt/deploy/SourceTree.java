package dev.basalt.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files of this source tree. */
public final class SourceTree {
    private SourceTree() {}

    /** The root, found from wherever the tests run. */
    public static Path root() {
        var directory = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(directory.resolve("deploy/gateway/nginx.conf"))) {
            directory = directory.getParent();
            if (directory == null) {
                throw new IllegalStateException("not inside the source tree");
            }
        }
        return directory;
    }

    /** The files directly in a directory whose names end so, sorted. */
    public static List<Path> files(String directory, String suffix) {
        try (var files = Files.list(root().resolve(directory))) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text of a file, by its path below the root. */
    public static String text(String path) {
        try {
            return Files.readString(root().resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
