package dev.basalt.kit.blob;

import io.quarkus.runtime.annotations.StaticInitSafe;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** The file store for objects, used where no S3 is configured. */
@StaticInitSafe
@ConfigMapping(prefix = "basalt.blob")
public interface BlobConfig {
    /** Where the blobs are; {@code blobs} in the data directory by default. */
    Optional<Path> directory();

    /** How many threads read and write files. */
    @WithDefault("16")
    int threads();

    /** How many file operations may wait for a thread; past them requests fail as unavailable. */
    @WithDefault("4096")
    int queue();

    /** Whether an upload is forced to disk before it is acknowledged. Without it a power failure may lose uploads. */
    @WithDefault("true")
    boolean fsync();
}
