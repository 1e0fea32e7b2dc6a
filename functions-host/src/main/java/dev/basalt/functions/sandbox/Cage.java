package dev.basalt.functions.sandbox;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What a process gets: the files it sees beside the system's own, where it starts, its whole environment, and its program.
 *
 * @param mounts directories and files that appear inside
 * @param directory the working directory, as seen inside
 * @param tmpBytes what {@code /tmp} and {@code /dev/shm} may each hold
 * @param environment all variables it gets; may hold secrets
 */
public record Cage(List<Mount> mounts, Path directory, int tmpBytes, Map<String, String> environment, Program program) {
    /** A path of this machine and the one under which the process sees it. */
    public record Mount(Path outside, Path inside, boolean writable) {
        /** What can only be read. */
        public Mount(Path outside, Path inside) {
            this(outside, inside, false);
        }
    }

    /** The command line; {@code seen} turns paths inside into those that hold where there is no sandbox. */
    @FunctionalInterface
    public interface Program {
        List<String> arguments(UnaryOperator<Path> seen);
    }

    public Cage {
        mounts = List.copyOf(mounts);
        environment = Map.copyOf(environment);
        environment.forEach((name, value) -> {
            // Behind a NUL an argument of bubblewrap's would begin.
            if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0 || value.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("the environment holds something that is no variable");
            }
        });
    }

    /** The path as the process would see it without a sandbox. */
    Path outside(Path inside) {
        for (Mount mount : mounts) {
            if (inside.startsWith(mount.inside())) {
                return mount.outside().resolve(mount.inside().relativize(inside));
            }
        }
        return inside;
    }

    /** Without the environment, which may hold secrets. */
    @Override
    public String toString() {
        return "Cage" + mounts;
    }
}
