package dev.basalt.functions.js;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Where workers live on this machine: their files, a directory of its own for each one's socket and output, their control
 * groups. Safe for use by any thread.
 */
final class WorkerPlace {
    /** What fits into a socket's address, less the names below. */
    private static final int MAX_SOCKET_PATH = 80;

    private final JsConfig config;
    private final WorkerHome home;
    private final Sandbox sandbox;
    private final Path run;
    private final Set<String> toRemove = ConcurrentHashMap.newKeySet();

    WorkerPlace(JsConfig config, WorkerHome home, Sandbox sandbox) throws IOException {
        this.config = config;
        this.home = home;
        this.sandbox = sandbox;
        var onlyOurs = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Path parent = home.directory().toAbsolutePath().getParent();
        this.run = parent != null && parent.toString().length() < MAX_SOCKET_PATH
                ? Files.createTempDirectory(parent, "run-", onlyOurs)
                : Files.createTempDirectory("basalt-run-", onlyOurs);
    }

    Path home() {
        return home.directory();
    }

    Path socket(String worker) throws IOException {
        return Files.createDirectories(run.resolve(worker).resolve("s")).resolve("w");
    }

    Path output(String worker) {
        return run.resolve(worker).resolve("out");
    }

    List<String> command(String worker) throws IOException {
        Cgroups cgroups = sandbox.cgroups();
        List<Path> joins = cgroups == null
                ? List.of()
                : cgroups.create(worker, config.workerMemoryMb(), config.workerPids(), config.workerCpus());
        return sandbox.command(
                joins,
                home.directory(),
                run.resolve(worker).resolve("s"),
                (seenHome, seenSockets) -> home.jvmArguments(seenHome, seenSockets.resolve("w")));
    }

    /** Removes what a worker left; its control group may take a moment, {@link #sweep} comes back to it. */
    void clear(String worker) {
        Path directory = run.resolve(worker);
        for (String name : List.of("s/w", "s", "out", "")) {
            directory.resolve(name).toFile().delete();
        }
        if (sandbox.cgroups() != null) {
            toRemove.add(worker);
        }
    }

    void sweep() {
        Cgroups cgroups = sandbox.cgroups();
        if (cgroups != null && !toRemove.isEmpty()) {
            toRemove.removeIf(cgroups::remove);
        }
    }

    /** Removes everything; workers must be gone. */
    void close() {
        Cgroups cgroups = sandbox.cgroups();
        if (cgroups != null) {
            sweep();
            cgroups.close();
        }
        try (Stream<Path> left = Files.walk(run)) {
            left.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // A worker that ends now removes its own; what is left is empty directories and some text.
            run.toFile().deleteOnExit();
        }
    }
}
