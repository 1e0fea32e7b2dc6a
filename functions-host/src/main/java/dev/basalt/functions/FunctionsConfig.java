package dev.basalt.functions;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/** The function host. */
@ConfigMapping(prefix = "basalt.functions")
public interface FunctionsConfig {
    /** Whether functions may be strangers' code: then nothing less than full isolation runs any. */
    @WithDefault("false")
    boolean untrusted();

    /** Where runtimes keep their own files. */
    @WithDefault("${basalt.data:.basalt}/runtime")
    Path home();

    /** The largest body of a call by HTTP, in bytes. */
    @WithDefault("6291456")
    long maxBodyBytes();
}
