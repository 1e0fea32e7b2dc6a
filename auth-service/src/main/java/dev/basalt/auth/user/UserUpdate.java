package dev.basalt.auth.user;

import dev.basalt.auth.user.AuditLog.Action;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a user is to be: every column that may change, changed or not. Immutable.
 *
 * @param newAddress whether the identity of the address is to be written too
 * @param endSessions whether the user's sessions end
 * @param exceptSession the one that does not
 */
public record UserUpdate(
        @Nullable String email,
        @Nullable OffsetDateTime emailConfirmedAt,
        @Nullable String passwordHash,
        Metadata metadata,
        String role,
        @Nullable OffsetDateTime bannedUntil,
        boolean anonymous,
        boolean newAddress,
        boolean endSessions,
        @Nullable UUID exceptSession,
        Action action) {
    /** The user as it is. */
    public static UserUpdate of(StoredUser stored) {
        var user = stored.user();
        return new UserUpdate(
                user.email(),
                user.times().emailConfirmedAt(),
                stored.passwordHash(),
                user.metadata(),
                user.role(),
                user.times().bannedUntil(),
                user.anonymous(),
                false,
                false,
                null,
                Action.USER_MODIFIED);
    }

    /** With another address, which is taken as the user's own if it is said to be confirmed. */
    public UserUpdate withEmail(UUID id, EmailAddress address, boolean confirmed) {
        if (address.value().equals(email)) {
            return this;
        }
        var providers = new JsonArray();
        var known = metadata.app().getJsonArray("providers");
        if (known != null) {
            providers.addAll(known);
        }
        if (!providers.contains("email")) {
            providers.add("email");
        }
        var said = NewUser.metadata(id, address, confirmed, metadata.user());
        return new UserUpdate(
                address.value(),
                confirmed ? OffsetDateTime.now(ZoneOffset.UTC) : null,
                passwordHash,
                new Metadata(
                        said.user(),
                        metadata.app().copy().put("provider", "email").put("providers", providers)),
                role,
                bannedUntil,
                false,
                true,
                endSessions,
                exceptSession,
                action);
    }

    /** With another password, which ends every session but one. */
    public UserUpdate withPassword(String hash, @Nullable UUID remainingSession) {
        return new UserUpdate(
                email,
                emailConfirmedAt,
                hash,
                metadata,
                role,
                bannedUntil,
                anonymous,
                newAddress,
                true,
                remainingSession,
                Action.USER_UPDATED_PASSWORD);
    }

    public UserUpdate withMetadata(@Nullable JsonObject userPatch, @Nullable JsonObject appPatch) {
        return withMetadata(metadata.patched(userPatch, appPatch));
    }

    UserUpdate withMetadata(Metadata other) {
        return new UserUpdate(
                email,
                emailConfirmedAt,
                passwordHash,
                other,
                role,
                bannedUntil,
                anonymous,
                newAddress,
                endSessions,
                exceptSession,
                action);
    }

    /** With what only the project's own server may set. */
    public UserUpdate withStanding(
            String newRole, @Nullable OffsetDateTime confirmedAt, @Nullable OffsetDateTime newBannedUntil) {
        return new UserUpdate(
                email,
                confirmedAt,
                passwordHash,
                metadata,
                newRole,
                newBannedUntil,
                anonymous,
                newAddress,
                endSessions,
                exceptSession,
                action);
    }

    /** The user that this makes of one, as clients read it. */
    JsonObject toJson(User user) {
        var json = user.toJson()
                .put("role", role)
                .put("email", email == null ? "" : email)
                .put("app_metadata", metadata.app())
                .put("user_metadata", metadata.user())
                .put("is_anonymous", anonymous);
        json.remove("banned_until");
        User.put(json, "email_confirmed_at", emailConfirmedAt);
        User.put(json, "banned_until", bannedUntil);
        return json;
    }

    @Override
    public String toString() {
        return "UserUpdate[" + action + "]";
    }
}
