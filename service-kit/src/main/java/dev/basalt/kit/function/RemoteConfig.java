package dev.basalt.kit.function;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Where the function host is, for services that do not run it themselves. */
@ConfigMapping(prefix = "basalt.functions.remote")
public interface RemoteConfig {
    /** The function host's address, {@code http://host:port}. Not used where the host runs in this process. */
    Optional<String> url();

    /** Connections to the function host. */
    @WithDefault("100")
    int maxConnections();

    /** Calls that wait for a connection; one more fails. */
    @WithDefault("1000")
    int maxWaiting();

    /** How long a call may take beyond the function's own time. */
    @WithDefault("PT15S")
    Duration margin();

    /** How long a build may take, waiting for its turn included, beyond the margin. */
    @WithDefault("PT60S")
    Duration buildTimeout();
}
