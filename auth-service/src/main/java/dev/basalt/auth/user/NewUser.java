package dev.basalt.auth.user;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A user about to be stored.
 *
 * @param email null for an anonymous user
 * @param confirmed whether the address is taken as the user's own
 * @param signsIn whether a session is opened with it
 */
public record NewUser(
        UUID id,
        @Nullable EmailAddress email,
        @Nullable String passwordHash,
        boolean confirmed,
        Metadata metadata,
        String role,
        @Nullable OffsetDateTime bannedUntil,
        boolean signsIn) {
    /** The role that a user has where nothing else is said. */
    public static final String DEFAULT_ROLE = "authenticated";

    /** What {@code auth.users} has where nothing else is said. */
    private static final String AUDIENCE = "authenticated";

    /** How many parameters {@link #INSERT} takes. */
    public static final int PARAMETERS = 9;

    /** The user as {@code u} and its identity, for a {@code with} clause; takes the parameters of {@link #parameters}. */
    public static final String INSERT = """
            u as (
              insert into auth.users (id, email, encrypted_password, email_confirmed_at, raw_user_meta_data,
                raw_app_meta_data, role, banned_until, last_sign_in_at, is_anonymous)
              values ($1, $2::text, $3, case when $4::boolean then now() end, $5, $6, $7, $8,
                case when $9::boolean then now() end, $2::text is null)
              returning *),
            i as (
              insert into auth.identities (id, provider_id, user_id, identity_data, provider, last_sign_in_at)
              select pg_catalog.gen_random_uuid(), u.id::text, u.id, pg_catalog.jsonb_build_object('sub', u.id, 'email',
                u.email, 'email_verified', $4::boolean, 'phone_verified', false), 'email', u.last_sign_in_at
              from u where u.email is not null)""";

    /**
     * A user who signs up.
     *
     * @param data what the user says of itself
     */
    public static NewUser signingUp(@Nullable EmailAddress email, @Nullable String passwordHash, JsonObject data) {
        var id = UUID.randomUUID();
        return new NewUser(id, email, passwordHash, true, metadata(id, email, true, data), DEFAULT_ROLE, null, true);
    }

    /** The metadata of a new user: its own, under what the platform says of its address. */
    public static Metadata metadata(UUID id, @Nullable EmailAddress email, boolean confirmed, JsonObject data) {
        if (email == null) {
            return new Metadata(data, new JsonObject());
        }
        var user = data.copy()
                .put("sub", id.toString())
                .put("email", email.value())
                .put("email_verified", confirmed)
                .put("phone_verified", false);
        return new Metadata(
                user, new JsonObject().put("provider", "email").put("providers", new JsonArray().add("email")));
    }

    NewUser withMetadata(Metadata other) {
        return new NewUser(id, email, passwordHash, confirmed, other, role, bannedUntil, signsIn);
    }

    /** The user as {@link User#toJson} has it, as far as it is known before it is stored. */
    JsonObject toJson() {
        var json = new JsonObject()
                .put("id", id.toString())
                .put("aud", AUDIENCE)
                .put("role", role)
                .put("email", email == null ? "" : email.value())
                .put("phone", "")
                .put("app_metadata", metadata.app())
                .put("user_metadata", metadata.user())
                .put("is_anonymous", email == null);
        User.put(json, "banned_until", bannedUntil);
        return json;
    }

    public Tuple parameters() {
        return Tuple.tuple()
                .addValue(id)
                .addValue(email == null ? null : email.value())
                .addValue(passwordHash)
                .addValue(confirmed)
                .addValue(metadata.user())
                .addValue(metadata.app())
                .addValue(role)
                .addValue(bannedUntil)
                .addValue(signsIn);
    }
}
