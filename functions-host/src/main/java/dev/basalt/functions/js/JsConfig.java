package dev.basalt.functions.js;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/** How JavaScript functions run. */
@ConfigMapping(prefix = "basalt.functions.js")
public interface JsConfig {
    /** Where the worker's files are laid out, once; by default below the data directory. */
    Optional<Path> home();

    /** The most workers at a time; one project uses one. Past it idle ones make room, then invocations are refused. */
    @WithDefault("64")
    int maxWorkers();

    /** The most instances of one function at a time. */
    @WithDefault("4")
    int maxInstances();

    /** The most invocations of one function that wait for an instance; past it 429. */
    @WithDefault("200")
    int maxQueue();

    /** The longest wait for an instance; past it 429. */
    @WithDefault("PT10S")
    Duration queueTimeout();

    /** How long an instance stays without an invocation. */
    @WithDefault("PT10M")
    Duration instanceIdle();

    /** How long a worker stays without an invocation. */
    @WithDefault("PT15M")
    Duration workerIdle();

    /** How long a function's modules may take to evaluate. */
    @WithDefault("PT5S")
    Duration initTimeout();

    /** How long a worker may take to start. */
    @WithDefault("PT15S")
    Duration startTimeout();

    /** How long past an invocation's deadline the worker process itself is killed. */
    @WithDefault("PT0.2S")
    Duration killGrace();

    /** The most that one answer may hold, in bytes. */
    @WithDefault("6291456")
    int maxResponseBytes();

    /** The most that one invocation may print, in bytes; the rest is dropped and said so. */
    @WithDefault("262144")
    int maxLogBytes();

    /** The most heap any one isolate may have, in MB; a function's own limit is at most this. */
    @WithDefault("256")
    int maxHeapMb();

    /** What the kernel allows a worker process as a whole, in MB. */
    @WithDefault("768")
    int workerMemoryMb();

    /** How many threads and processes a worker may have. */
    @WithDefault("256")
    int workerPids();

    /** How many CPUs a worker may use; without it workers share all of them evenly. */
    OptionalDouble workerCpus();

    /** Whether bubblewrap is used where it works. */
    @WithDefault("true")
    boolean sandbox();

    /** Whether control groups are used where they can be written. */
    @WithDefault("true")
    boolean cgroup();

    /** Whether an ahead-of-time cache for workers is made in the background after the first one started. */
    @WithDefault("true")
    boolean aotCache();
}
