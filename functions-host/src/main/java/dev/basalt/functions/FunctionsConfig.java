package dev.basalt.functions;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** The function host. */
@ConfigMapping(prefix = "basalt.functions")
public interface FunctionsConfig {
    /** Whether functions may be strangers' code: then nothing less than full isolation runs any. */
    @WithDefault("false")
    boolean untrusted();

    /** Where runtimes keep their own files. */
    @WithDefault("${basalt.data:.basalt}/runtime")
    Path home();

    /**
     * Where functions find Basalt's own APIs, {@code http://host:port}; by default this process. Needed where the services run
     * apart: the address of the gateway in front of them.
     */
    Optional<String> platformUrl();

    /** How many functions and events may have led to a call of a function by HTTP; one more is refused. */
    @WithDefault("8")
    int maxDepth();

    /**
     * What all functions that one call leads to, by calling one another, may use together: memory times time, in GB-seconds. One
     * more is refused or ended with 429. A manifest may say less. Each host counts what it runs.
     */
    @WithDefault("100")
    int maxNestedGbSeconds();

    /** The largest body of a call by HTTP that is collected for a function, in bytes; where it flows there is no such limit. */
    @WithDefault("6291456")
    long maxBodyBytes();
}
