package dev.basalt.functions.process;

import dev.basalt.functions.runtime.Artifact;
import dev.basalt.functions.runtime.FunctionVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Archives of Java functions' classes (the JVM's ahead-of-time cache), by the content of the function. One is made in the
 * background when a function is deployed or first needed: the function is started in a sandbox of its own, and ended when it is
 * ready for calls, so that none runs. A function can spoil its own archive, and no other's. Thread-safe.
 */
final class ClassArchives {
    /** What making one takes beyond the function's own memory. */
    static final int TRAINING_MB = 512;

    private static final Logger LOG = Logger.getLogger(ClassArchives.class);
    private static final String SUFFIX = ".aot";
    private static final String MADE = "classes.aot";
    private static final long TRAINING_SECONDS = 60;
    private static final int MAX_TRIED = 10_000;
    private static final long MAX_ARCHIVE_BYTES = 256L << 20;

    private final ProcessConfig config;
    private final Path directory;
    private final ProcessPlace place;
    private final ExecutorService spawner;
    /** Those that are being made or could not be made by this host. */
    private final Set<String> tried = ConcurrentHashMap.newKeySet();

    private final Semaphore one = new Semaphore(1);
    private volatile boolean closed;

    ClassArchives(ProcessConfig config, Path directory, ProcessPlace place, ExecutorService spawner) {
        this.config = config;
        this.directory = directory;
        this.place = place;
        this.spawner = spawner;
    }

    /** The function with its archive, which may come to be later. */
    Prepared withArchive(FunctionVersion function, TaskDirectory task, Artifact artifact, Launch launch) {
        Path archive = directory.resolve(key(function, task));
        Prepared prepared = new Prepared(
                task, artifact, launch, () -> Files.exists(archive) ? Optional.of(archive) : Optional.empty());
        // Without a sandbox paths are another's at each start, and an archive holds for one path alone.
        if (config.classArchive()
                && place.sandbox().cutsNetwork()
                && prepared.archive().get().isEmpty()) {
            train(function, prepared, archive);
        }
        return prepared;
    }

    /** An archive holds for the same files, JVM and heap. */
    private static String key(FunctionVersion function, TaskDirectory task) {
        return task.digest() + "-" + function.manifest().memoryMb() + "-"
                + Integer.toHexString(
                        (System.getProperty("java.vm.version") + System.getProperty("java.home")).hashCode())
                + SUFFIX;
    }

    private void train(FunctionVersion function, Prepared prepared, Path archive) {
        if (tried.size() >= MAX_TRIED) {
            tried.clear();
        }
        if (!tried.add(archive.toString())) {
            return;
        }
        Thread.ofVirtual().name("functions-training").start(() -> {
            try {
                one.acquire();
                try {
                    if (!closed) {
                        make(function, prepared, archive);
                        bound();
                    }
                } finally {
                    one.release();
                }
            } catch (IOException | RuntimeException e) {
                LOG.warnf("no archive of classes for function %s; it starts more slowly: %s", function, e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void make(FunctionVersion function, Prepared prepared, Path archive)
            throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path into = Files.createTempDirectory(directory, ".training-");
        String name = into.getFileName().toString().substring(1);
        try {
            place.make(name);
            var command = place.training(name, function, prepared, into);
            Process process = spawner.submit(
                            () -> command.start(builder -> builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)))
                    .get();
            if (!process.waitFor(TRAINING_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Path made = into.resolve(MADE);
            if (Files.isRegularFile(made, LinkOption.NOFOLLOW_LINKS) && Files.size(made) <= MAX_ARCHIVE_BYTES) {
                Files.move(made, archive, StandardCopyOption.ATOMIC_MOVE);
            } else {
                LOG.debugf("function %s made no archive of its classes", function);
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } finally {
            place.clear(name);
            TaskDirectory.delete(into);
        }
    }

    /** Removes the oldest while there are too many; a process that runs keeps what it has open. */
    private void bound() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            List<Path> archives = entries.filter(path -> path.toString().endsWith(SUFFIX))
                    .sorted(Comparator.comparingLong(
                                    (Path path) -> path.toFile().lastModified())
                            .reversed())
                    .toList();
            long bytes = 0;
            for (Path archive : archives) {
                bytes += Files.size(archive);
                if (bytes > (long) config.classArchivesMb() << 20) {
                    Files.deleteIfExists(archive);
                }
            }
        }
    }

    void close() {
        closed = true;
    }
}
