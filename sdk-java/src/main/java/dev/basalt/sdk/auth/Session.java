package dev.basalt.sdk.auth;

import java.time.Duration;
import java.time.Instant;

/**
 * A signed-in user's tokens.
 *
 * @param accessToken the JWT that calls carry
 * @param refreshToken good for one refresh
 * @param expiresAt when the access token expires
 * @param user who is signed in
 */
public record Session(String accessToken, String refreshToken, Instant expiresAt, User user) {
    /** Whether less than the given time is left at the given moment. */
    public boolean expiresWithin(Duration margin, Instant now) {
        return !now.plus(margin).isBefore(expiresAt);
    }

    @Override
    public String toString() {
        return "Session[user=" + user.id() + ", expiresAt=" + expiresAt + "]";
    }
}
