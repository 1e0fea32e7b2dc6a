package dev.basalt.storage;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A blob directory on a file system of one megabyte; needs root. */
public final class SmallDiskResource implements QuarkusTestResourceLifecycleManager {
    private @Nullable Path disk;

    static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public Map<String, String> start() {
        if (!isRoot()) {
            return Map.of();
        }
        try {
            Path mounted = Files.createTempDirectory("basalt-small-disk");
            run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", mounted.toString());
            disk = mounted;
            return Map.of("basalt.blob.directory", mounted.toString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {
        if (disk != null) {
            run("umount", "-l", disk.toString());
        }
    }

    private static void run(String... command) {
        try {
            if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
                throw new IllegalStateException("failed: " + String.join(" ", command));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
