package dev.basalt.embedded.postgres;

import dev.basalt.embedded.postgres.EmbeddedPostgresException.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The machine below: its tools, whether we are root, and how to run a PostgreSQL program on it.
 *
 * <p>PostgreSQL refuses to run as root, so root runs it in a user namespace of its own ({@code unshare -U}), where it
 * sees itself as nobody while its files stay root's.
 */
final class HostSystem {
    private final boolean root;
    private final Map<String, Path> tools;

    private HostSystem(boolean root, Map<String, Path> tools) {
        this.root = root;
        this.tools = tools;
    }

    /** Looks up what a start needs; fails with {@link Failure#TOOL_MISSING}. */
    static HostSystem detect(String searchPath) {
        boolean root = isRoot();
        var tools = new HashMap<String, Path>();
        for (String name : root ? List.of("setpriv", "setsid", "sh", "unshare") : List.of("setpriv", "setsid", "sh")) {
            tools.put(name, find(name, searchPath));
        }
        return new HostSystem(root, Map.copyOf(tools));
    }

    private static Path find(String tool, String searchPath) {
        for (String directory : searchPath.split(":", -1)) {
            Path candidate = Path.of(directory.isEmpty() ? "." : directory, tool);
            if (Files.isExecutable(candidate)) {
                return candidate.toAbsolutePath();
            }
        }
        throw new EmbeddedPostgresException(
                Failure.TOOL_MISSING,
                "The embedded PostgreSQL needs the program '" + tool
                        + "' (Linux, package util-linux); it is not on the PATH. Install it, or point Basalt at a"
                        + " PostgreSQL of your own.");
    }

    private static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException e) {
            return "root".equals(System.getProperty("user.name"));
        }
    }

    /** A program of PostgreSQL that ends by itself, such as initdb. */
    List<String> foreground(Path program, List<String> arguments) {
        var command = new ArrayList<String>();
        if (root) {
            command.addAll(List.of(tool("unshare"), "-U"));
        }
        command.add(program.toString());
        command.addAll(arguments);
        return command;
    }

    /**
     * The server. SIGINT (fast shutdown) reaches it when the thread that started it dies, however the JVM ends; a
     * session of its own keeps the terminal's Ctrl-C away, so that requests in flight still have their database.
     */
    List<String> server(Path program, List<String> arguments) {
        var command = new ArrayList<>(List.of(tool("setpriv"), "--pdeathsig", "INT", tool("setsid")));
        command.addAll(foreground(program, arguments));
        return command;
    }

    /** Sends a signal by name; a process that is gone already is no error. */
    void signal(long pid, String signal) {
        try {
            // The shell's own kill: slim images have no /bin/kill.
            new ProcessBuilder(tool("sh"), "-c", "kill -" + signal + " " + pid)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(2, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new EmbeddedPostgresException(Failure.FAILED, "Cannot run the shell to signal PostgreSQL", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs a program to its end and answers its output; any exit code but 0 fails with that output. */
    static String run(List<String> command) {
        try {
            Process process = builder(command).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                throw failed(Path.of(command.getFirst()).getFileName() + " ended with exit code " + code, output);
            }
            return output;
        } catch (IOException e) {
            throw new EmbeddedPostgresException(Failure.FAILED, "Cannot run " + command.getFirst(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedPostgresException(Failure.FAILED, "Interrupted while running " + command.getFirst(), e);
        }
    }

    /** A process with messages in English, because {@link #failed} reads them, and nothing else of our environment. */
    static ProcessBuilder builder(List<String> command) {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(Set.of("PATH", "HOME", "TMPDIR"));
        environment.put("LC_ALL", "C");
        environment.put("TZ", "UTC");
        return builder;
    }

    /**
     * The failure that a program's output tells. A child process has no other way to tell its errno, so this one place
     * reads messages.
     */
    static EmbeddedPostgresException failed(String what, String output) {
        String text = what + ":\n" + output.strip();
        if (output.contains("No space left on device") || output.contains("Disk quota exceeded")) {
            return new EmbeddedPostgresException(Failure.DISK_FULL, "The disk is full. " + text);
        }
        if (output.contains("unshare: ")) {
            return new EmbeddedPostgresException(
                    Failure.ROOT_REFUSED,
                    "PostgreSQL does not run as root, and this system forbids user namespaces: run as another user. "
                            + text);
        }
        if (output.contains("Address already in use")) {
            return new EmbeddedPostgresException(Failure.PORT_IN_USE, "The port is taken. " + text);
        }
        return new EmbeddedPostgresException(Failure.FAILED, text);
    }

    /** The failure that an I/O error of this process means. */
    static EmbeddedPostgresException failed(String what, IOException cause) {
        String reason = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        boolean full = reason.contains("no space left on device") || reason.contains("quota exceeded");
        return new EmbeddedPostgresException(
                full ? Failure.DISK_FULL : Failure.FAILED, (full ? "The disk is full: " : "") + what, cause);
    }

    private String tool(String name) {
        Path path = tools.get(name);
        if (path == null) {
            throw new IllegalStateException("not looked up: " + name);
        }
        return path.toString();
    }
}
