package dev.basalt.functions.sandbox;

import dev.basalt.functions.runtime.Isolation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What this machine offers to keep processes apart, and the command lines that use it. Found once by trying; immutable.
 * Detection blocks for some milliseconds.
 */
public final class Sandbox {
    private static final List<Path> BWRAP = List.of(Path.of("/usr/bin/bwrap"), Path.of("/usr/local/bin/bwrap"));
    private static final List<Path> SETPRIV = List.of(Path.of("/usr/bin/setpriv"), Path.of("/bin/setpriv"));
    private static final int TRIAL_TMP_BYTES = 1 << 20;
    /** Joins the control groups that are named first. */
    private static final String JOIN =
            "ulimit -c 0; n=$1; shift; while [ \"$n\" -gt 0 ]; do echo $$ > \"$1\" || exit 97;"
                    + " shift; n=$((n-1)); done; ";
    /** Opens the file that is named next as what {@code --seccomp 4} reads. */
    private static final String FILTER = "exec 4<\"$1\"; shift; ";
    /** Makes the input what {@code --args 3} reads. */
    private static final String VARIABLES = "exec 3<&0 </dev/null; ";
    /** Becomes the rest. */
    private static final String BECOME = "exec \"$@\"";

    private final @Nullable Path bwrap;
    private final @Nullable Path filter;
    private final @Nullable Path setpriv;
    private final @Nullable Cgroups cgroups;
    private final Isolation isolation;

    private Sandbox(
            @Nullable Path bwrap,
            @Nullable Path filter,
            @Nullable Path setpriv,
            @Nullable Cgroups cgroups,
            Isolation isolation) {
        this.bwrap = bwrap;
        this.filter = filter;
        this.setpriv = setpriv;
        this.cgroups = cgroups;
        this.isolation = isolation;
    }

    /**
     * Tries out what there is.
     *
     * @param bubblewrap whether bubblewrap is used where it works
     * @param controlGroups whether control groups are used where they can be written
     * @param home where the filter of system calls is written
     */
    public static Sandbox detect(boolean bubblewrap, boolean controlGroups, Path home) {
        List<String> missing = new ArrayList<>();
        Path bwrap = bubblewrap ? bubblewrap(missing) : null;
        if (!bubblewrap) {
            missing.add("bubblewrap is switched off");
        }
        Path filter = bwrap == null ? null : filter(bwrap, home, missing);
        Cgroups cgroups = null;
        if (controlGroups) {
            try {
                cgroups = Cgroups.detect();
            } catch (Cgroups.UnavailableException e) {
                missing.add(String.valueOf(e.getMessage()));
            }
        } else {
            missing.add("control groups are switched off");
        }
        Path setpriv = SETPRIV.stream().filter(Files::isExecutable).findFirst().orElse(null);
        Isolation.Level level = bwrap == null
                ? Isolation.Level.PROCESS
                : missing.isEmpty() ? Isolation.Level.FULL : Isolation.Level.SANDBOX;
        return new Sandbox(bwrap, filter, setpriv, cgroups, new Isolation(level, String.join("; ", missing)));
    }

    static @Nullable Path bubblewrap(List<String> missing) {
        Path bwrap = BWRAP.stream().filter(Files::isExecutable).findFirst().orElse(null);
        if (bwrap == null) {
            missing.add("bubblewrap (bwrap) is not installed");
            return null;
        }
        String refusal = tryOut(bwrap, null);
        if (refusal != null) {
            missing.add("bubblewrap does not work here: " + refusal);
            return null;
        }
        return bwrap;
    }

    private static @Nullable Path filter(Path bwrap, Path home, List<String> missing) {
        try {
            Path filter = SystemCallFilter.layOut(home);
            String refusal = tryOut(bwrap, filter);
            if (refusal == null) {
                return filter;
            }
            missing.add("the filter of system calls does not work here: " + refusal);
        } catch (IOException e) {
            missing.add("no filter of system calls: " + e.getMessage());
        }
        return null;
    }

    public Isolation isolation() {
        return isolation;
    }

    /** The control groups, where there are any. */
    public @Nullable Cgroups cgroups() {
        return cgroups;
    }

    /** Whether processes have a network of their own, in which nothing but themselves is. */
    public boolean cutsNetwork() {
        return bwrap != null;
    }

    /**
     * The command that starts a caged process.
     *
     * @param joins control group files to write the process id to
     */
    public Command command(List<Path> joins, Cage cage) {
        if (bwrap != null) {
            return wrapped(bwrap, filter, joins, cage);
        }
        List<String> command = shell(joins, BECOME);
        if (setpriv != null) {
            command.addAll(List.of(setpriv.toString(), "--pdeathsig", "KILL"));
        }
        command.addAll(cage.program().arguments(cage::outside));
        return new Command(command, cage.outside(cage.directory()), cage.environment(), new byte[0]);
    }

    /** The command that bubblewrap cages. */
    static Command wrapped(Path bwrap, @Nullable Path filter, List<Path> joins, Cage cage) {
        // Read from a pipe: an argument can be read by every process outside, and a variable of bubblewrap's own would
        // let the function choose what the loader does outside of the sandbox.
        StringBuilder variables = new StringBuilder();
        cage.environment()
                .forEach((name, value) -> variables
                        .append("--setenv\0")
                        .append(name)
                        .append('\0')
                        .append(value)
                        .append('\0'));
        List<String> command =
                shell(joins, (filter == null ? "" : FILTER) + (variables.isEmpty() ? "" : VARIABLES) + BECOME);
        if (filter != null) {
            command.add(filter.toString());
        }
        command.add(bwrap.toString());
        command.addAll(isolationFlags(cage));
        if (filter != null) {
            command.addAll(List.of("--seccomp", "4"));
        }
        if (!variables.isEmpty()) {
            command.addAll(List.of("--args", "3"));
        }
        command.addAll(List.of("--chdir", cage.directory().toString(), "--"));
        command.addAll(cage.program().arguments(path -> path));
        return new Command(command, Path.of("/"), Map.of(), variables.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> shell(List<Path> joins, String then) {
        List<String> command =
                new ArrayList<>(List.of("/bin/sh", "-c", JOIN + then, "sh", Integer.toString(joins.size())));
        joins.forEach(join -> command.add(join.toString()));
        return command;
    }

    private static List<String> isolationFlags(Cage cage) {
        Path java = Path.of(System.getProperty("java.home"));
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
        String size = Integer.toString(cage.tmpBytes());
        flags.addAll(List.of("--proc", "/proc", "--dev", "/dev", "--size", size, "--tmpfs", "/tmp"));
        flags.addAll(List.of("--size", size, "--tmpfs", "/dev/shm"));
        cage.mounts()
                .forEach(mount -> flags.addAll(List.of(
                        mount.writable() ? "--bind" : "--ro-bind",
                        mount.outside().toString(),
                        mount.inside().toString())));
        // The two file systems that bubblewrap itself makes have no size.
        flags.addAll(List.of("--remount-ro", "/dev", "--remount-ro", "/"));
        flags.addAll(List.of("--cap-drop", "ALL", "--uid", "65534", "--gid", "65534"));
        return flags;
    }

    /** Answers why it does not work, or null when it does. */
    private static @Nullable String tryOut(Path bwrap, @Nullable Path filter) {
        Cage cage = new Cage(List.of(), Path.of("/"), TRIAL_TMP_BYTES, Map.of(), seen -> List.of("/usr/bin/true"));
        try {
            Process process = wrapped(bwrap, filter, List.of(), cage).start(builder -> builder);
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return "it does not answer";
            }
            String said = new String(process.getInputStream().readNBytes(500), StandardCharsets.UTF_8);
            return process.exitValue() == 0 ? null : said.strip();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }
}
