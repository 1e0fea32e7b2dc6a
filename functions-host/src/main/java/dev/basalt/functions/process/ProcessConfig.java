package dev.basalt.functions.process;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/** How functions of the runtimes nodejs, python, java and provided run: each instance is a process of its own. */
@ConfigMapping(prefix = "basalt.functions.process")
public interface ProcessConfig {
    /** The most processes at a time. Past it idle ones make room, then those of the project that has most, as their calls end. */
    @WithDefault("64")
    int maxProcesses();

    /** The most instances of one function at a time where its manifest names no number. */
    @WithDefault("4")
    int maxInstances();

    /** The most invocations of one function that wait for an instance where its manifest names no number; past it 429. */
    @WithDefault("200")
    int maxQueue();

    /** The longest wait for an instance; past it 429. */
    @WithDefault("PT10S")
    Duration queueTimeout();

    /** How long an instance stays without an invocation where its manifest names no time. */
    @WithDefault("PT10M")
    Duration instanceIdle();

    /** How long a process may take from its start until it takes invocations. */
    @WithDefault("PT10S")
    Duration initTimeout();

    /** The most that an answer in one piece may hold, in bytes; one that flows may hold any number. */
    @WithDefault("6291556")
    int maxResponseBytes();

    /** The most that is kept of what is printed during one invocation, in bytes; the rest is dropped and said so. */
    @WithDefault("262144")
    int maxLogBytes();

    /** What the kernel allows a process beyond its function's memory, for the sandbox' own parts, in MB. */
    @WithDefault("48")
    int overheadMb();

    /** How many threads and processes one instance may have. */
    @WithDefault("256")
    int pids();

    /** How many CPUs one instance may use; without it instances share all of them evenly. */
    OptionalDouble cpus();

    /** What {@code /tmp} of one instance may hold, in MB; it counts as the instance's memory. */
    @WithDefault("64")
    int tmpMb();

    /** Node's executable; by default the one on the path. */
    Optional<Path> node();

    /** Python's executable; by default the one on the path. */
    Optional<Path> python();

    /** Perl's executable; by default the one on the path. Where there is one, programs reach the host by it rather than by a JVM. */
    Optional<Path> perl();

    /** Whether bubblewrap is used where it works. */
    @WithDefault("true")
    boolean sandbox();

    /** Whether control groups are used where they can be written. */
    @WithDefault("true")
    boolean cgroup();

    /** Whether an archive of a Java function's classes is made in the background, so that later instances start faster. */
    @WithDefault("true")
    boolean classArchive();

    /** What the archives of classes may hold together on disk, in MB; past it the oldest are removed. */
    @WithDefault("1024")
    int classArchivesMb();
}
