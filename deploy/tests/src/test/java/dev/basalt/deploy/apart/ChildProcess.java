package dev.basalt.deploy.apart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A process that ends with this one: by {@link #close()}, or by SIGTERM when the thread that started it is gone, however
 * that happened. Its output is in a file. Safe for use by any thread.
 */
final class ChildProcess implements AutoCloseable {
    private static final long GRACE_SECONDS = 10;
    private final String name;
    private final Process process;
    private final Path log;

    private ChildProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    static ChildProcess start(String name, List<String> command, Map<String, String> environment, Path directory)
            throws IOException {
        Files.createDirectories(directory);
        var log = directory.resolve(name + ".log");
        var whole = new ArrayList<String>();
        program("setpriv").ifPresent(setpriv -> whole.addAll(List.of(setpriv.toString(), "--pdeathsig", "TERM")));
        whole.addAll(command);
        var builder = new ProcessBuilder(whole)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        // What the caller's shell sets for a Basalt of its own is not meant for these.
        builder.environment().keySet().removeIf(key -> key.startsWith("BASALT_"));
        builder.environment().putAll(environment);
        var process = builder.start();
        process.getOutputStream().close();
        return new ChildProcess(name, process, log);
    }

    /** Where a program is, if it is installed; {@code /usr/sbin} is looked at too, which not every user's path has. */
    static Optional<Path> program(String name) {
        var path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
        for (var directory : (path + ":/usr/sbin:/usr/local/sbin").split(":", -1)) {
            var candidate = Path.of(directory.isEmpty() ? "." : directory, name);
            if (Files.isExecutable(candidate)) {
                return Optional.of(candidate.toAbsolutePath());
            }
        }
        return Optional.empty();
    }

    String name() {
        return name;
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Asks it to end, without waiting. */
    void terminate() {
        process.destroy();
    }

    /** The last lines it wrote. */
    String tail() {
        try {
            var lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
        } catch (IOException unreadable) {
            return "(" + log + " can't be read)";
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(GRACE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException stopped) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
