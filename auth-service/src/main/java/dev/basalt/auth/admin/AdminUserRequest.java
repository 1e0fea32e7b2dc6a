package dev.basalt.auth.admin;

import dev.basalt.auth.user.EmailAddress;
import dev.basalt.auth.wire.AuthError;
import dev.basalt.auth.wire.JsonFields;
import dev.basalt.kit.caller.Role;
import dev.basalt.kit.error.ApiException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the project's own server says of a user; null leaves it as it is.
 *
 * @param passwordHash a hash made elsewhere, instead of a password
 * @param ban how long the user may not sign in from now on; zero lifts a ban
 */
record AdminUserRequest(
        @Nullable UUID id,
        @Nullable EmailAddress email,
        boolean confirmEmail,
        @Nullable String password,
        @Nullable String passwordHash,
        @Nullable JsonObject userMetadata,
        @Nullable JsonObject appMetadata,
        @Nullable String role,
        @Nullable Duration ban) {
    /** Reads the body of {@code POST /admin/users} and {@code PUT /admin/users/{id}}. */
    static AdminUserRequest of(JsonFields fields) {
        if (!fields.text("phone").isEmpty()) {
            throw ApiException.of(AuthError.PHONE_SIGNUP_DISABLED);
        }
        var id = fields.string("id");
        var email = fields.text("email");
        var ban = fields.text("ban_duration");
        return new AdminUserRequest(
                id == null ? null : uuid(id),
                email.isEmpty() ? null : new EmailAddress(email),
                Boolean.TRUE.equals(fields.bool("email_confirm")),
                nonEmpty(fields.text("password")),
                nonEmpty(fields.text("password_hash")),
                fields.object("user_metadata"),
                fields.object("app_metadata"),
                role(fields.text("role")),
                ban.isEmpty() ? null : BanDuration.parse(ban));
    }

    /** @throws ApiException {@link AuthError#VALIDATION_FAILED} */
    static UUID uuid(String value) {
        try {
            return UUID.fromString(value);
        } catch (IllegalArgumentException malformed) {
            throw ApiException.of(AuthError.VALIDATION_FAILED, "The user's id must be an UUID");
        }
    }

    private static @Nullable String nonEmpty(String value) {
        return value.isEmpty() ? null : value;
    }

    private static @Nullable String role(String name) {
        if (name.isEmpty()) {
            return null;
        }
        if (Arrays.stream(Role.values()).noneMatch(role -> role.databaseName().equals(name))) {
            throw ApiException.of(AuthError.VALIDATION_FAILED, "There is no such role");
        }
        return name;
    }

    @Override
    public String toString() {
        return "AdminUserRequest[***]";
    }
}
