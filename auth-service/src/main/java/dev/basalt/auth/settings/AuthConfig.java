package dev.basalt.auth.settings;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/**
 * Authentication. What a project may set for itself, in the object {@code auth} of its settings, is named at each key;
 * durations are whole seconds there.
 */
@ConfigMapping(prefix = "basalt.auth")
public interface AuthConfig {
    /** How long an access token holds. A project's {@code token_lifetime}. */
    @WithDefault("PT1H")
    Duration tokenLifetime();

    /**
     * How long after its use a refresh token is still answered, with the one that replaced it: for clients that ask
     * twice at once, and for answers that got lost. A project's {@code refresh_reuse_interval}.
     */
    @WithDefault("PT10S")
    Duration refreshReuseInterval();

    /** The fewest characters of a password. A project's {@code password_min_length}. */
    @WithDefault("6")
    int passwordMinLength();

    /** Whether people may sign up. A project's {@code signup_enabled}. */
    @WithDefault("true")
    boolean signupEnabled();

    /** Whether people may sign in without any name. A project's {@code anonymous_enabled}. */
    @WithDefault("true")
    boolean anonymousEnabled();

    /** The origin that clients reach, for the tokens' issuer; where it is not set, that of each request. */
    Optional<String> externalUrl();

    /** The largest body of a request. */
    @WithDefault("64K")
    MemorySize bodyLimit();

    /** The most that a user's metadata may amount to, as JSON: all of it travels in every access token. */
    @WithDefault("4K")
    MemorySize metadataLimit();
}
