package dev.basalt.functions.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The kernel's control groups in which processes are bounded: memory and process count always, CPU where that can be
 * written. Knows version 1 (a tree for each controller) and version 2 (one tree). Blocking; called by the spawning thread.
 */
public final class Cgroups {
    /** Thrown by {@link #detect} with words for the operator. */
    public static final class UnavailableException extends Exception {
        UnavailableException(String reason) {
            super(reason);
        }
    }

    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final String PREFIX = "basalt-";

    private final boolean unified;
    /** Controller to the directory of this host's groups; one entry, named {@code unified}, for version 2. */
    private final Map<String, Path> bases;
    /** What version 2 passes on to groups below. */
    private final String controllers;

    private Cgroups(boolean unified, Map<String, Path> bases, String controllers) {
        this.unified = unified;
        this.bases = bases;
        this.controllers = controllers;
    }

    /** Finds where this process may make groups and makes the one that holds all of its workers. */
    static Cgroups detect() throws UnavailableException {
        Map<String, String> own = ownGroups();
        try {
            if (Files.exists(ROOT.resolve("cgroup.controllers"))) {
                return unified(ROOT.resolve("." + own.getOrDefault("", "/")).normalize());
            }
            return separate(own);
        } catch (IOException e) {
            throw new UnavailableException("control groups can't be written: " + e.getMessage());
        }
    }

    private static Cgroups separate(Map<String, String> own) throws IOException, UnavailableException {
        Map<String, Path> bases = new TreeMap<>();
        for (String controller : List.of("memory", "pids", "cpu", "cpuacct")) {
            Path group = ROOT.resolve(controller).resolve("." + own.getOrDefault(controller, "/"));
            if (Files.isWritable(group.resolve("cgroup.procs"))) {
                sweep(group);
                bases.put(controller, Files.createDirectories(group.resolve(name())));
            } else if (!controller.startsWith("cpu")) {
                throw new UnavailableException("control group " + controller + " is not there or not writable");
            }
        }
        return new Cgroups(false, bases, "");
    }

    private static Cgroups unified(Path group) throws IOException, UnavailableException {
        String controllers = Files.readString(group.resolve("cgroup.controllers"));
        if (!controllers.contains("memory") || !controllers.contains("pids")) {
            throw new UnavailableException("control group " + group + " has no memory and pids controllers");
        }
        sweep(group);
        Path base = Files.createDirectories(group.resolve(name()));
        String enable = controllers.contains("cpu ") || controllers.strip().endsWith("cpu")
                ? "+memory +pids +cpu"
                : "+memory +pids";
        try {
            // Refused while processes are in the group itself: then it has to be delegated by whoever starts the host.
            Files.writeString(group.resolve("cgroup.subtree_control"), enable);
            Files.writeString(base.resolve("cgroup.subtree_control"), enable);
        } catch (IOException e) {
            Files.deleteIfExists(base);
            throw new UnavailableException("control group " + group + " is not delegated (" + e.getMessage() + ")");
        }
        return new Cgroups(true, Map.of("unified", base), enable);
    }

    /**
     * Makes a group for one process and its children; answers the files into which a process writes its id to join.
     *
     * @param worker the group's name, or {@code parent/name}: where processors are short each parent gets as much as each
     *     other, and as each group without one
     */
    public synchronized List<Path> create(String worker, int memoryMb, int pids, OptionalDouble cpus)
            throws IOException {
        List<Path> joins = new ArrayList<>();
        for (Map.Entry<String, Path> base : bases.entrySet()) {
            Path group = Files.createDirectories(base.getValue().resolve(worker));
            Path parent = group.getParent();
            if (unified && parent != null && !parent.equals(base.getValue())) {
                Files.writeString(parent.resolve("cgroup.subtree_control"), controllers);
            }
            long bytes = (long) memoryMb << 20;
            switch (base.getKey()) {
                case "memory" -> {
                    write(group, "memory.limit_in_bytes", bytes);
                    writeIfThere(group, "memory.memsw.limit_in_bytes", bytes);
                }
                case "pids" -> write(group, "pids.max", pids);
                case "cpuacct" -> {}
                case "cpu" -> {
                    if (cpus.isPresent()) {
                        write(group, "cpu.cfs_quota_us", (long) (cpus.getAsDouble() * 100_000));
                    }
                }
                default -> {
                    write(group, "memory.max", bytes);
                    writeIfThere(group, "memory.swap.max", 0);
                    write(group, "pids.max", pids);
                    if (cpus.isPresent()) {
                        Files.writeString(group.resolve("cpu.max"), (long) (cpus.getAsDouble() * 100_000) + " 100000");
                    }
                }
            }
            joins.add(group.resolve("cgroup.procs"));
        }
        return joins;
    }

    /** Opens the counters of a group that was made. */
    public Usage usage(String worker) {
        return unified
                ? Usage.unified(group("unified", worker))
                : Usage.separate(
                        group("memory", worker), bases.containsKey("cpuacct") ? group("cpuacct", worker) : null);
    }

    private Path group(String controller, String worker) {
        Path base = bases.get(controller);
        if (base == null) {
            throw new IllegalStateException("no control group " + controller);
        }
        return base.resolve(worker);
    }

    /** Removes a worker's group; answers false while its processes are not quite gone. */
    public synchronized boolean remove(String worker) {
        boolean removed = true;
        for (Path base : bases.values()) {
            Path group = base.resolve(worker);
            removed &= group.toFile().delete() || !Files.exists(group);
            Path parent = group.getParent();
            if (parent != null && !parent.equals(base)) {
                // Stays while others are in it.
                parent.toFile().delete();
            }
        }
        return removed;
    }

    /** Removes what {@link #detect} made. */
    public void close() {
        bases.values().forEach(base -> base.toFile().delete());
    }

    @Override
    public String toString() {
        return unified ? "cgroup v2" : "cgroup v1";
    }

    private static String name() {
        return PREFIX + ProcessHandle.current().pid() + "-" + Long.toString(System.nanoTime() & 0xffffff, 36);
    }

    /**
     * Clears what hosts left that were killed: groups, and processes too, because one whose host dies while bubblewrap sets it
     * up is not yet tied to it.
     */
    private static void sweep(Path group) throws IOException {
        try (Stream<Path> entries = Files.list(group)) {
            for (Path left : entries.filter(
                            path -> path.getFileName().toString().startsWith(PREFIX))
                    .toList()) {
                String[] parts = left.getFileName().toString().split("-", -1);
                if (parts.length == 3
                        && ProcessHandle.of(Long.parseLong(parts[1])).isEmpty()) {
                    end(left);
                }
            }
        }
    }

    private static void end(Path host) {
        try (Stream<Path> groups = Files.walk(host)) {
            for (Path group : groups.filter(Files::isDirectory)
                    .sorted(Comparator.reverseOrder())
                    .toList()) {
                for (String process : Files.readAllLines(group.resolve("cgroup.procs"))) {
                    ProcessHandle.of(Long.parseLong(process)).ifPresent(ProcessHandle::destroyForcibly);
                }
                group.toFile().delete();
            }
        } catch (IOException | UncheckedIOException e) {
            // Another host sweeps too, and was first.
        }
    }

    private static void write(Path group, String file, long value) throws IOException {
        Files.writeString(group.resolve(file), Long.toString(value));
    }

    private static void writeIfThere(Path group, String file, long value) throws IOException {
        if (Files.exists(group.resolve(file))) {
            write(group, file, value);
        }
    }

    /** Controller to path, from {@code /proc/self/cgroup}; version 2 stands under the empty name. */
    private static Map<String, String> ownGroups() throws UnavailableException {
        Map<String, String> groups = new TreeMap<>();
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
                String[] parts = line.split(":", 3);
                for (String controller : parts[1].toLowerCase(Locale.ROOT).split(",", -1)) {
                    groups.put(controller, parts[2]);
                }
            }
        } catch (IOException e) {
            throw new UnavailableException("this system has no control groups");
        }
        return groups;
    }
}
