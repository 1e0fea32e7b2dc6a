package dev.basalt.functions.process;

import dev.basalt.functions.process.Launch.Wire;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.sandbox.Cage;
import dev.basalt.functions.sandbox.Cgroups;
import dev.basalt.functions.sandbox.Command;
import dev.basalt.functions.sandbox.Sandbox;
import dev.basalt.functions.sandbox.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where processes live on this machine: our files, the functions' files, a directory for each process' sockets, the control
 * groups. What a host left that was killed is removed by the next one. Blocking; safe for use by any thread.
 */
final class ProcessPlace {
    private static final String PREFIX = "host-";
    /** What fits into a socket's address, less the names below. */
    private static final int MAX_SOCKET_PATH = 70;

    private static final int PORT_INSIDE = 9001;

    private final ProcessConfig config;
    private final Sandbox sandbox;
    private final Path runtimeFiles;
    private final Path directory;
    /** Process to its control group, in that of its project: projects share processors evenly, however many processes they have. */
    private final Map<String, String> groups = new ConcurrentHashMap<>();

    private final Set<String> toRemove = ConcurrentHashMap.newKeySet();

    ProcessPlace(ProcessConfig config, Path home, Sandbox sandbox) throws IOException {
        this.config = config;
        this.sandbox = sandbox;
        this.runtimeFiles = RuntimeHome.layOut(home);
        sweepDead(home);
        var onlyOurs = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        String name = PREFIX + ProcessHandle.current().pid() + "-";
        this.directory = home.toString().length() < MAX_SOCKET_PATH
                ? Files.createTempDirectory(home, name, onlyOurs)
                : Files.createTempDirectory("basalt-" + name, onlyOurs);
    }

    private static void sweepDead(Path home) throws IOException {
        try (Stream<Path> entries = Files.list(home)) {
            for (Path left : entries.toList()) {
                String[] parts = left.getFileName().toString().split("-", -1);
                if (parts.length == 3
                        && (parts[0] + "-").equals(PREFIX)
                        && ProcessHandle.of(Long.parseLong(parts[1])).isEmpty()) {
                    TaskDirectory.delete(left);
                }
            }
        }
    }

    Sandbox sandbox() {
        return sandbox;
    }

    /** Where functions' files are unpacked. */
    Path directory() {
        return directory;
    }

    /** Makes the directories of a process. */
    void make(String process) throws IOException {
        Files.createDirectories(sockets(process));
    }

    private Path sockets(String process) {
        return directory.resolve(process).resolve("s");
    }

    /** The socket that the process sees. */
    Path innerSocket(String process) {
        return sockets(process).resolve("api");
    }

    /** The socket at which the process finds its way out. */
    Path wayOut(String process) {
        return sockets(process).resolve(Launch.WAY_OUT.getFileName());
    }

    /** A socket that only the host sees. */
    Path outerSocket(String process) {
        return directory.resolve(process).resolve("r");
    }

    /**
     * The command line of a process; its control group is made.
     *
     * @param port the host's or the server's, where there is no sandbox
     */
    Command command(String process, FunctionVersion function, Prepared prepared, int port) throws IOException {
        boolean cut = sandbox.cutsNetwork();
        Wire wire = prepared.launch().wire();
        int reached = cut && wire == Wire.API ? PORT_INSIDE : port;
        String bridge =
                cut && wire != Wire.SOCKET ? Launch.SOCKETS.resolve("api").toString() : "";
        Path socket = cut ? Launch.SOCKETS.resolve("api") : innerSocket(process);
        Optional<Path> archive = prepared.archive().get();
        List<Cage.Mount> mounts = mounts(process, prepared);
        archive.ifPresent(file -> mounts.add(new Cage.Mount(file, Launch.ARCHIVE)));
        Cage cage = new Cage(
                mounts,
                Launch.TASK,
                config.tmpMb() << 20,
                new Variables(function, prepared, process, cut).of(reached, socket),
                seen -> prepared.launch()
                        .program()
                        .arguments(new Launch.Way(seen, reached, bridge, archive.isPresent())));
        return sandbox.command(joins(process, function, 0), cage);
    }

    /** The command line that makes an archive of a Java function's classes in a directory. */
    Command training(String process, FunctionVersion function, Prepared prepared, Path into) throws IOException {
        List<Cage.Mount> mounts = mounts(process, prepared);
        mounts.add(new Cage.Mount(into, Launch.TRAINING, true));
        int port = prepared.launch().wire() == Wire.API ? PORT_INSIDE : ServerChannel.PORT_INSIDE;
        Cage cage = new Cage(
                mounts,
                Launch.TASK,
                config.tmpMb() << 20,
                new Variables(function, prepared, process, true).of(port, Launch.SOCKETS),
                seen -> prepared.launch().program().arguments(new Launch.Way(seen, port, "-", false)));
        return sandbox.command(joins(process, function, ClassArchives.TRAINING_MB), cage);
    }

    private List<Cage.Mount> mounts(String process, Prepared prepared) {
        List<Cage.Mount> mounts = new ArrayList<>(prepared.launch().mounts());
        mounts.add(new Cage.Mount(prepared.task().files(), Launch.TASK));
        mounts.add(new Cage.Mount(runtimeFiles, Launch.RUNTIME));
        mounts.add(new Cage.Mount(sockets(process), Launch.SOCKETS));
        Path classes = prepared.task().directory().resolve(TaskDirectory.CLASSES);
        if (Files.exists(classes)) {
            mounts.add(new Cage.Mount(classes, Launch.CLASSES));
        }
        return mounts;
    }

    private List<Path> joins(String process, FunctionVersion function, int moreMb) throws IOException {
        Cgroups cgroups = sandbox.cgroups();
        if (cgroups == null) {
            return List.of();
        }
        String group = function.project() + "/" + process;
        groups.put(process, group);
        int memoryMb = function.manifest().memoryMb() + moreMb + config.overheadMb();
        return cgroups.create(group, memoryMb, config.pids(), config.cpus());
    }

    /** The counters of a process, where there are any. */
    @Nullable
    Usage usage(String process) {
        Cgroups cgroups = sandbox.cgroups();
        String group = groups.get(process);
        return cgroups == null || group == null ? null : cgroups.usage(group);
    }

    /** Removes what a process left; its control group may take a moment, {@link #sweep} comes back to it. */
    void clear(String process) {
        TaskDirectory.delete(directory.resolve(process));
        String group = groups.remove(process);
        if (group != null) {
            toRemove.add(group);
        }
    }

    void sweep() {
        Cgroups cgroups = sandbox.cgroups();
        if (cgroups != null && !toRemove.isEmpty()) {
            toRemove.removeIf(cgroups::remove);
        }
    }

    /** Removes everything; the processes must be gone. */
    void close() {
        sweep();
        Cgroups cgroups = sandbox.cgroups();
        if (cgroups != null) {
            cgroups.close();
        }
        TaskDirectory.delete(directory);
    }
}
