package dev.basalt.functions.build;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** How functions are built. */
@ConfigMapping(prefix = "basalt.functions.build")
public interface BuildConfig {
    /** The esbuild program to bundle with; by default the one that comes with the function host. */
    Optional<Path> esbuild();

    /** How long bundling one source may take. */
    @WithDefault("PT20S")
    Duration timeout();

    /** The most builds at a time. */
    @WithDefault("2")
    int maxConcurrent();

    /** The most builds that wait for their turn; past it 503. */
    @WithDefault("20")
    int maxWaiting();

    /** What the kernel allows one bundling process, in MB. */
    @WithDefault("512")
    int memoryMb();

    /** The most that a JavaScript function may hold once it is built, in bytes. */
    @WithDefault("10485760")
    int maxBytes();

    /** The most files that a JavaScript function may hold once it is built. */
    @WithDefault("1000")
    int maxFiles();
}
