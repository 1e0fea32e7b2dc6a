package dev.basalt.sdk.auth;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a user changes about themselves; {@code null} leaves a thing as it is.
 *
 * @param data merged into {@link User#userMetadata()}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UserUpdate(
        @Nullable String email,
        @Nullable String password,
        @Nullable Map<String, Object> data) {
    public static UserUpdate ofPassword(String password) {
        return new UserUpdate(null, password, null);
    }

    public static UserUpdate ofEmail(String email) {
        return new UserUpdate(email, null, null);
    }

    public static UserUpdate ofData(Map<String, Object> data) {
        return new UserUpdate(null, null, data);
    }

    @Override
    public String toString() {
        return "UserUpdate[email=" + email + ", password=" + (password == null ? "unchanged" : "changed") + "]";
    }
}
