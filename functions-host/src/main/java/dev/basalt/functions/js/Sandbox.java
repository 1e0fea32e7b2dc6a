package dev.basalt.functions.js;

import dev.basalt.functions.runtime.Isolation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What this machine offers to keep workers apart, and the command lines that use it. Found once by trying; immutable.
 * Detection blocks for some milliseconds.
 */
final class Sandbox {
    private static final List<Path> BWRAP = List.of(Path.of("/usr/bin/bwrap"), Path.of("/usr/local/bin/bwrap"));
    private static final List<Path> SETPRIV = List.of(Path.of("/usr/bin/setpriv"), Path.of("/bin/setpriv"));
    private static final int TMP_BYTES = 16 << 20;

    private final @Nullable Path bwrap;
    private final @Nullable Path setpriv;
    private final @Nullable Cgroups cgroups;
    private final Isolation isolation;

    private Sandbox(@Nullable Path bwrap, @Nullable Path setpriv, @Nullable Cgroups cgroups, Isolation isolation) {
        this.bwrap = bwrap;
        this.setpriv = setpriv;
        this.cgroups = cgroups;
        this.isolation = isolation;
    }

    static Sandbox detect(JsConfig config) {
        Path bwrap = null;
        String noBwrap = "bubblewrap is switched off";
        if (config.sandbox()) {
            noBwrap = "bubblewrap (bwrap) is not installed";
            for (Path candidate : BWRAP) {
                if (Files.isExecutable(candidate)) {
                    String refusal = tryOut(candidate);
                    if (refusal == null) {
                        bwrap = candidate;
                    } else {
                        noBwrap = "bubblewrap does not work here: " + refusal;
                    }
                    break;
                }
            }
        }
        Cgroups cgroups = null;
        String noCgroups = "control groups are switched off";
        if (config.cgroup()) {
            try {
                cgroups = Cgroups.detect();
            } catch (Cgroups.UnavailableException e) {
                noCgroups = String.valueOf(e.getMessage());
            }
        }
        Path setpriv = SETPRIV.stream().filter(Files::isExecutable).findFirst().orElse(null);
        Isolation isolation;
        if (bwrap == null) {
            isolation = new Isolation(Isolation.Level.PROCESS, noBwrap + (cgroups == null ? "; " + noCgroups : ""));
        } else if (cgroups == null) {
            isolation = new Isolation(Isolation.Level.SANDBOX, noCgroups);
        } else {
            isolation = new Isolation(Isolation.Level.FULL, "");
        }
        return new Sandbox(bwrap, setpriv, cgroups, isolation);
    }

    Isolation isolation() {
        return isolation;
    }

    @Nullable
    Cgroups cgroups() {
        return cgroups;
    }

    /**
     * The command that starts a worker.
     *
     * @param joins control group files to write the process id to
     * @param home the worker's files; read-only inside
     * @param sockets the directory of the worker's socket
     * @param jvm what follows {@code java}, given the paths of home and sockets as the worker sees them
     */
    List<String> command(List<Path> joins, Path home, Path sockets, JvmArguments jvm) {
        List<String> command = new ArrayList<>(List.of(
                "/bin/sh",
                "-c",
                "ulimit -c 0; n=$1; shift; while [ \"$n\" -gt 0 ]; do echo $$ > \"$1\" || exit 97; shift; n=$((n-1)); done; exec \"$@\"",
                "sh",
                Integer.toString(joins.size())));
        joins.forEach(join -> command.add(join.toString()));
        Path java = Path.of(System.getProperty("java.home"));
        if (bwrap == null) {
            if (setpriv != null) {
                command.addAll(List.of(setpriv.toString(), "--pdeathsig", "KILL"));
            }
            command.add(java.resolve("bin/java").toString());
            command.addAll(jvm.under(home, sockets));
            return command;
        }
        command.add(bwrap.toString());
        command.addAll(isolationFlags(java));
        command.addAll(List.of("--ro-bind", home.toString(), "/rt", "--ro-bind", sockets.toString(), "/sock"));
        command.addAll(List.of("--chdir", "/rt", java.resolve("bin/java").toString()));
        command.addAll(jvm.under(Path.of("/rt"), Path.of("/sock")));
        return command;
    }

    /** Everything after {@code java}. */
    @FunctionalInterface
    interface JvmArguments {
        List<String> under(Path home, Path sockets);
    }

    private static List<String> isolationFlags(Path java) {
        List<String> flags = new ArrayList<>(List.of(
                "--unshare-user",
                "--disable-userns",
                "--unshare-pid",
                "--unshare-ipc",
                "--unshare-uts",
                "--unshare-cgroup-try",
                "--unshare-net",
                "--die-with-parent",
                "--new-session",
                "--ro-bind",
                "/usr",
                "/usr"));
        for (String directory : List.of("/lib", "/lib64", "/bin")) {
            Path path = Path.of(directory);
            if (Files.isSymbolicLink(path)) {
                flags.addAll(List.of("--symlink", "usr" + directory, directory));
            } else if (Files.isDirectory(path)) {
                flags.addAll(List.of("--ro-bind", directory, directory));
            }
        }
        if (!java.startsWith("/usr")) {
            flags.addAll(List.of("--ro-bind", java.toString(), java.toString()));
        }
        // The size bounds the file system that follows it; without it /tmp could eat the machine's memory.
        flags.addAll(List.of(
                "--proc",
                "/proc",
                "--dev",
                "/dev",
                "--size",
                Integer.toString(TMP_BYTES),
                "--tmpfs",
                "/tmp",
                "--cap-drop",
                "ALL",
                "--uid",
                "65534",
                "--gid",
                "65534"));
        return flags;
    }

    /** Answers why it does not work, or null when it does. */
    private static @Nullable String tryOut(Path bwrap) {
        List<String> command = new ArrayList<>(List.of(bwrap.toString()));
        command.addAll(isolationFlags(Path.of(System.getProperty("java.home"))));
        command.add("/usr/bin/true");
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().clear();
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return "it does not answer";
            }
            String said = new String(process.getInputStream().readNBytes(500), java.nio.charset.StandardCharsets.UTF_8);
            return process.exitValue() == 0 ? null : said.strip();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }
}
