package dev.basalt.sdk.auth;

import dev.basalt.sdk.error.AuthException;
import dev.basalt.sdk.error.Failure;
import dev.basalt.sdk.error.TransportException;
import dev.basalt.sdk.http.BearerSource;
import dev.basalt.sdk.http.Linked;
import dev.basalt.sdk.http.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one session of a client, refreshed by one call at a time. Thread-safe: every field is guarded by {@code this}, and
 * no call goes out and no future completes while it is held.
 */
final class SessionKeeper implements BearerSource {
    private final String key;
    private final Duration margin;
    private final InstantSource clock;
    private final Function<Session, CompletableFuture<Session>> refresher;
    private @Nullable Session session;
    private @Nullable CompletableFuture<Session> refreshing;
    /** Counts the sign-ins and sign-outs, so that a refresh begun before one of them is known. */
    private long changes;

    /**
     * @param key the bearer when nobody is signed in
     * @param margin how long before its expiry a session is refreshed
     * @param refresher trades a session for a new one
     */
    SessionKeeper(
            String key, Duration margin, InstantSource clock, Function<Session, CompletableFuture<Session>> refresher) {
        this.key = key;
        this.margin = margin;
        this.clock = clock;
        this.refresher = refresher;
    }

    synchronized Optional<Session> session() {
        return Optional.ofNullable(session);
    }

    synchronized Session hold(Session fresh) {
        session = fresh;
        refreshing = null;
        changes++;
        return fresh;
    }

    /** Drops this session; one that has taken its place since stays, unless it is this one's refreshed self. */
    synchronized void forget(Session old) {
        if (session != null && sameLine(session, old)) {
            session = null;
            refreshing = null;
            changes++;
        }
    }

    /** Notes the user's newest state. */
    synchronized User changed(User user) {
        if (session != null && session.user().id().equals(user.id())) {
            session = new Session(session.accessToken(), session.refreshToken(), session.expiresAt(), user);
        }
        return user;
    }

    @Override
    public CompletableFuture<String> bearer() {
        Session held;
        synchronized (this) {
            held = session;
        }
        if (held == null) return CompletableFuture.completedFuture(key);
        Instant now = clock.instant();
        if (!held.expiresWithin(margin, now)) return CompletableFuture.completedFuture(held.accessToken());
        return refresh().handle((fresh, failure) -> {
            if (failure == null) return fresh.accessToken();
            Throwable cause = Waiting.unwrap(failure);
            // The service could not be asked: what is left of the old token's life is still good.
            if (unavailable(cause) && !held.expiresWithin(Duration.ZERO, clock.instant())) return held.accessToken();
            throw Linked.rethrown(cause);
        });
    }

    /** Refreshes the session; callers that come meanwhile get the same future's outcome. */
    CompletableFuture<Session> refresh() {
        Session old;
        long begun;
        CompletableFuture<Session> mine = new CompletableFuture<>();
        synchronized (this) {
            if (refreshing != null) return refreshing.copy();
            if (session == null) return CompletableFuture.failedFuture(noSession());
            old = session;
            refreshing = mine;
            begun = changes;
        }
        CompletableFuture<Session> asked;
        try {
            asked = refresher.apply(old);
        } catch (RuntimeException failure) {
            asked = CompletableFuture.failedFuture(failure);
        }
        var _ = asked.whenComplete((fresh, failure) -> {
            boolean current;
            synchronized (this) {
                // Signed out, or in as somebody else, while the answer was under way: it must not come back.
                current = changes == begun;
                if (current) {
                    refreshing = null;
                    if (failure == null) session = fresh;
                    else if (refused(Waiting.unwrap(failure))) session = null;
                }
            }
            if (failure != null) mine.completeExceptionally(Waiting.unwrap(failure));
            else if (current) mine.complete(fresh);
            else mine.completeExceptionally(noSession());
        });
        return mine.copy();
    }

    static AuthException noSession() {
        return new AuthException(Failure.local("session_not_found", "Nobody is signed in", null), null);
    }

    private static boolean unavailable(Throwable failure) {
        return failure instanceof TransportException
                || (failure instanceof AuthException known && (known.status() >= 500 || known.status() == 429));
    }

    private static boolean refused(Throwable failure) {
        return failure instanceof AuthException known
                && known.status() >= 400
                && known.status() < 500
                && known.status() != 429;
    }

    private static boolean sameLine(Session held, Session old) {
        return held.user().id().equals(old.user().id());
    }
}
