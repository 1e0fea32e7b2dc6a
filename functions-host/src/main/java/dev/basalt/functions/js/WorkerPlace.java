package dev.basalt.functions.js;

import dev.basalt.functions.sandbox.Cage;
import dev.basalt.functions.sandbox.Cgroups;
import dev.basalt.functions.sandbox.Command;
import dev.basalt.functions.sandbox.Sandbox;
import dev.basalt.functions.worker.Op;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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

    private static final Path HOME = Path.of("/rt");
    private static final Path SOCKETS = Path.of("/sock");
    private static final int SAID_BYTES = 1 << 20;
    private static final int TMP_BYTES = 16 << 20;

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

    /** What a frame of a worker's may hold, in bytes: an answer or a log in the worst of encodings, and what is said of it. */
    int maxFrameBytes() {
        long most = Math.max(3L * config.maxResponseBytes(), 6L * config.maxLogBytes()) + SAID_BYTES;
        return (int) Math.min(most, Op.MAX_FRAME);
    }

    Path home() {
        return home.directory();
    }

    /** Makes the directories of a worker; answers {@link #sockets}. */
    Path make(String worker) throws IOException {
        return Files.createDirectories(sockets(worker));
    }

    /** Where a worker's sockets are. */
    Path sockets(String worker) {
        return run.resolve(worker).resolve("s");
    }

    Path output(String worker) {
        return run.resolve(worker).resolve("out");
    }

    Command command(String worker) throws IOException {
        Cgroups cgroups = sandbox.cgroups();
        List<Path> joins = cgroups == null
                ? List.of()
                : cgroups.create(worker, config.workerMemoryMb(), config.workerPids(), config.workerCpus());
        Cage cage = new Cage(
                List.of(new Cage.Mount(home.directory(), HOME), new Cage.Mount(sockets(worker), SOCKETS)),
                HOME,
                TMP_BYTES,
                Map.of(),
                seen -> {
                    List<String> program = new ArrayList<>();
                    program.add(Path.of(System.getProperty("java.home"))
                            .resolve("bin/java")
                            .toString());
                    program.addAll(home.jvmArguments(seen.apply(HOME), seen.apply(SOCKETS)));
                    return program;
                });
        return sandbox.command(joins, cage);
    }

    /** Removes what a worker left; its control group may take a moment, {@link #sweep} comes back to it. */
    void clear(String worker) {
        delete(run.resolve(worker));
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
        delete(run);
    }

    private static void delete(Path directory) {
        try (Stream<Path> left = Files.walk(directory)) {
            left.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // A worker that ends now removes its own; what is left is empty directories and some text.
            directory.toFile().deleteOnExit();
        }
    }
}
