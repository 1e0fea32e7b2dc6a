package dev.basalt.sdk.auth;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A user as the auth service knows them.
 *
 * @param id a UUID, which row-level security sees as {@code auth.uid()}
 * @param role the database role, usually {@code authenticated}
 * @param email absent for a user without one
 * @param phone absent for a user without one
 * @param emailConfirmedAt absent while confirmation is pending
 * @param lastSignInAt absent before the first sign-in
 * @param userMetadata what the user may change
 * @param appMetadata what only the service may change
 */
public record User(
        String id,
        @Nullable String role,
        @Nullable String email,
        @Nullable String phone,
        @Nullable Instant emailConfirmedAt,
        @Nullable Instant lastSignInAt,
        @Nullable Instant createdAt,
        @Nullable Instant updatedAt,
        boolean isAnonymous,
        @Nullable Map<String, Object> userMetadata,
        @Nullable Map<String, Object> appMetadata) {}
