package dev.basalt.sdk.auth;

import dev.basalt.sdk.error.TransportException;
import dev.basalt.sdk.http.Answer;
import dev.basalt.sdk.http.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A session as it travels; without tokens it is a user whose confirmation is pending. */
record TokenAnswer(
        @Nullable String accessToken,
        @Nullable String refreshToken,
        @Nullable Long expiresIn,
        @Nullable Long expiresAt,
        @Nullable User user) {

    /** Reads a session. */
    static Session session(Answer answer, Instant now) {
        Session session = Json.read(answer, TokenAnswer.class).toSession(now);
        if (session == null) {
            throw new TransportException(
                    TransportException.Reason.INVALID_ANSWER, "The answer is not a session", answer.requestId(), null);
        }
        return session;
    }

    /** The session, or nothing if tokens or user are missing. */
    @Nullable
    Session toSession(Instant now) {
        if (accessToken == null || refreshToken == null || user == null) return null;
        // The lifetime counts from here, so that a client's wrong clock does no harm; the server's time is the
        // fallback.
        Instant expiry;
        if (expiresIn != null) expiry = now.plusSeconds(expiresIn);
        else if (expiresAt != null) expiry = Instant.ofEpochSecond(expiresAt);
        else return null;
        return new Session(accessToken, refreshToken, expiry, user);
    }
}
