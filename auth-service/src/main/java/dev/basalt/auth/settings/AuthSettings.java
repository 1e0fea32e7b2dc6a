package dev.basalt.auth.settings;

import dev.basalt.kit.project.Project;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The settings that hold for one project: its own where it has any, else the installation's. Immutable. */
public record AuthSettings(
        Duration tokenLifetime,
        Duration refreshReuseInterval,
        int passwordMinLength,
        boolean signupEnabled,
        boolean anonymousEnabled) {
    private static final String SETTING = "auth";

    /** Reads the project's own settings; one of a wrong type or below zero counts as not set. */
    public static AuthSettings of(AuthConfig config, Project project) {
        var own = project.settings().getValue(SETTING) instanceof JsonObject json ? json : new JsonObject();
        return new AuthSettings(
                seconds(own.getValue("token_lifetime"), config.tokenLifetime()),
                seconds(own.getValue("refresh_reuse_interval"), config.refreshReuseInterval()),
                own.getValue("password_min_length") instanceof Integer length && length >= 0
                        ? length
                        : config.passwordMinLength(),
                own.getValue("signup_enabled") instanceof Boolean enabled ? enabled : config.signupEnabled(),
                own.getValue("anonymous_enabled") instanceof Boolean enabled ? enabled : config.anonymousEnabled());
    }

    private static Duration seconds(@Nullable Object own, Duration installation) {
        return own instanceof Integer seconds && seconds >= 0 ? Duration.ofSeconds(seconds) : installation;
    }
}
