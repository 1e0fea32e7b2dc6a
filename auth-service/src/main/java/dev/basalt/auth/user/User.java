package dev.basalt.auth.user;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A user of a project: a row of {@code auth.users} with its identities, without its secrets. Immutable; the JSON in it
 * must not be modified.
 *
 * @param role the database role that the user's requests act as
 */
public record User(
        UUID id,
        String aud,
        String role,
        @Nullable String email,
        @Nullable String phone,
        @Nullable String newEmail,
        @Nullable String newPhone,
        Metadata metadata,
        JsonArray identities,
        boolean anonymous,
        Times times) {
    /** The columns of a user, for a select or returning clause on {@code auth.users} under the name {@code u}. */
    public static final String COLUMNS = """
            u.id, u.aud, u.role, u.email, u.phone, u.email_change, u.phone_change, u.raw_app_meta_data,
            u.raw_user_meta_data, u.is_anonymous, u.created_at, u.updated_at, u.email_confirmed_at,
            u.phone_confirmed_at, u.confirmed_at, u.invited_at, u.confirmation_sent_at, u.recovery_sent_at,
            u.email_change_sent_at, u.last_sign_in_at, u.banned_until,
            (select pg_catalog.jsonb_agg(pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
                'identity_id', i.id, 'id', i.provider_id, 'user_id', i.user_id, 'identity_data', i.identity_data,
                'provider', i.provider, 'last_sign_in_at', i.last_sign_in_at at time zone 'UTC',
                'created_at', i.created_at at time zone 'UTC', 'updated_at', i.updated_at at time zone 'UTC',
                'email', i.email)) order by i.created_at, i.id)
              from auth.identities i where i.user_id = u.id) as identities""";

    /** When what happened to a user; null where it did not. */
    public record Times(
            OffsetDateTime createdAt,
            OffsetDateTime updatedAt,
            @Nullable OffsetDateTime emailConfirmedAt,
            @Nullable OffsetDateTime phoneConfirmedAt,
            @Nullable OffsetDateTime confirmedAt,
            @Nullable OffsetDateTime invitedAt,
            @Nullable OffsetDateTime confirmationSentAt,
            @Nullable OffsetDateTime recoverySentAt,
            @Nullable OffsetDateTime emailChangeSentAt,
            @Nullable OffsetDateTime lastSignInAt,
            @Nullable OffsetDateTime bannedUntil) {
        private static Times of(Row row) {
            return new Times(
                    row.getOffsetDateTime("created_at"),
                    row.getOffsetDateTime("updated_at"),
                    row.getOffsetDateTime("email_confirmed_at"),
                    row.getOffsetDateTime("phone_confirmed_at"),
                    row.getOffsetDateTime("confirmed_at"),
                    row.getOffsetDateTime("invited_at"),
                    row.getOffsetDateTime("confirmation_sent_at"),
                    row.getOffsetDateTime("recovery_sent_at"),
                    row.getOffsetDateTime("email_change_sent_at"),
                    row.getOffsetDateTime("last_sign_in_at"),
                    row.getOffsetDateTime("banned_until"));
        }
    }

    /** The user in a row of {@link #COLUMNS}. */
    public static User of(Row row) {
        return new User(
                row.getUUID("id"),
                row.getString("aud"),
                row.getString("role"),
                row.getString("email"),
                row.getString("phone"),
                row.getString("email_change"),
                row.getString("phone_change"),
                new Metadata(row.getJsonObject("raw_user_meta_data"), row.getJsonObject("raw_app_meta_data")),
                identities(row.getJsonArray("identities")),
                row.getBoolean("is_anonymous"),
                Times.of(row));
    }

    /** PostgreSQL writes a time at UTC without saying so. */
    private static JsonArray identities(@Nullable JsonArray identities) {
        var named = new JsonArray();
        if (identities == null) {
            return named;
        }
        for (var i = 0; i < identities.size(); i++) {
            var identity = identities.getJsonObject(i).copy();
            for (var time : new String[] {"last_sign_in_at", "created_at", "updated_at"}) {
                var value = identity.getString(time);
                if (value != null) {
                    identity.put(time, value + "Z");
                }
            }
            named.add(identity);
        }
        return named;
    }

    /** Whether the user may not sign in now. */
    public boolean isBanned() {
        var until = times.bannedUntil();
        return until != null && until.isAfter(OffsetDateTime.now(ZoneOffset.UTC));
    }

    /** The user as GoTrue's clients read it: what never happened is left out. */
    public JsonObject toJson() {
        var json = new JsonObject()
                .put("id", id.toString())
                .put("aud", aud)
                .put("role", role)
                .put("email", email == null ? "" : email);
        put(json, "email_confirmed_at", times.emailConfirmedAt());
        put(json, "invited_at", times.invitedAt());
        json.put("phone", phone == null ? "" : phone);
        put(json, "phone_confirmed_at", times.phoneConfirmedAt());
        put(json, "confirmation_sent_at", times.confirmationSentAt());
        put(json, "confirmed_at", times.confirmedAt());
        put(json, "recovery_sent_at", times.recoverySentAt());
        put(json, "new_email", newEmail);
        put(json, "email_change_sent_at", times.emailChangeSentAt());
        put(json, "new_phone", newPhone);
        put(json, "last_sign_in_at", times.lastSignInAt());
        json.put("app_metadata", metadata.app())
                .put("user_metadata", metadata.user())
                .put("identities", identities);
        put(json, "created_at", times.createdAt());
        put(json, "updated_at", times.updatedAt());
        put(json, "banned_until", times.bannedUntil());
        return json.put("is_anonymous", anonymous);
    }

    static void put(JsonObject json, String name, @Nullable Object value) {
        if (value instanceof OffsetDateTime time) {
            json.put(name, time.withOffsetSameInstant(ZoneOffset.UTC).toString());
        } else if (value != null) {
            json.put(name, value);
        }
    }
}
