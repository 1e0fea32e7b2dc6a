package dev.basalt.auth.session;

import dev.basalt.auth.password.PasswordHasher;
import dev.basalt.auth.password.PasswordRules;
import dev.basalt.auth.settings.AuthConfig;
import dev.basalt.auth.settings.AuthSettings;
import dev.basalt.auth.user.NewUser;
import dev.basalt.auth.wire.AuthError;
import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Locale;
import org.jboss.logging.Logger;

/** How sessions begin, go on and end. Safe for use by any thread. */
@ApplicationScoped
public class SessionService {
    private static final Logger LOG = Logger.getLogger(SessionService.class);
    private static final String BY_PASSWORD = "password";
    private static final String ANONYMOUSLY = "anonymous";

    private final SessionStore store;
    private final PasswordHasher hasher;
    private final AuthConfig config;

    @Inject
    SessionService(SessionStore store, PasswordHasher hasher, AuthConfig config) {
        this.store = store;
        this.hasher = hasher;
        this.config = config;
    }

    /** Stores a new user with a first session; fails with {@link AuthError#USER_ALREADY_EXISTS}. */
    public Future<IssuedSession> signUp(RequestContext context, NewUser user, ClientInfo client) {
        var session = new NewSession(user.email() == null ? ANONYMOUSLY : BY_PASSWORD, client);
        return store.signUp(context, user, session).map(session::issuedTo);
    }

    /**
     * Opens a session for a password. An address that nobody has and a password that is wrong get the same answer,
     * {@link AuthError#INVALID_CREDENTIALS}, after the same work. Only whoever knows the password is told
     * {@link AuthError#USER_BANNED} or {@link AuthError#EMAIL_NOT_CONFIRMED}.
     */
    public Future<IssuedSession> signIn(RequestContext context, String email, String password, ClientInfo client) {
        var wrong = ApiException.of(AuthError.INVALID_CREDENTIALS);
        var usable = password.codePointCount(0, password.length()) <= PasswordRules.MAX_LENGTH;
        return store.credentials(context, email.toLowerCase(Locale.ROOT)).compose(found -> {
            var stored = found.map(SessionStore.Credentials::passwordHash).orElse(null);
            return hasher.verify(usable ? password : "", usable ? stored : null).compose(verdict -> {
                if (!verdict.matches() || found.isEmpty() || stored == null) {
                    return Future.failedFuture(wrong);
                }
                if (found.get().banned()) {
                    return Future.failedFuture(ApiException.of(AuthError.USER_BANNED));
                }
                if (!found.get().confirmed()) {
                    return Future.failedFuture(ApiException.of(AuthError.EMAIL_NOT_CONFIRMED));
                }
                var session = new NewSession(BY_PASSWORD, client);
                return store.signIn(context, found.get().userId(), stored, verdict.replacement(), session)
                        .map(user -> session.issuedTo(user.orElseThrow(() -> wrong)));
            });
        });
    }

    /**
     * Exchanges a refresh token for the next one of its session. The one before the current is answered too, with the
     * current one, for as long as the reuse interval says. Any older one was stolen or lost: it ends the session, with
     * every token of it. Fails, the first that applies, with {@link AuthError#REFRESH_TOKEN_NOT_FOUND},
     * {@link AuthError#USER_BANNED_ON_REFRESH}, {@link AuthError#SESSION_EXPIRED} or
     * {@link AuthError#REFRESH_TOKEN_ALREADY_USED}.
     */
    public Future<IssuedSession> refresh(RequestContext context, String token, ClientInfo client) {
        var presented = RefreshToken.parse(token);
        if (presented.isEmpty()) {
            return Future.failedFuture(ApiException.of(AuthError.REFRESH_TOKEN_NOT_FOUND));
        }
        var settings = AuthSettings.of(config, context.project());
        return store.refresh(context, presented.get(), client, settings.refreshReuseInterval())
                .compose(issued ->
                        issued.map(Future::succeededFuture).orElseGet(() -> refuse(context, presented.get(), client)));
    }

    private Future<IssuedSession> refuse(RequestContext context, RefreshToken token, ClientInfo client) {
        return store.examine(context, token).compose(found -> {
            if (found.isEmpty() || found.get().deleted() || !found.get().ofFamily()) {
                return Future.failedFuture(ApiException.of(AuthError.REFRESH_TOKEN_NOT_FOUND));
            }
            if (found.get().banned()) {
                return Future.failedFuture(ApiException.of(AuthError.USER_BANNED_ON_REFRESH));
            }
            if (found.get().expired()) {
                return Future.failedFuture(ApiException.of(AuthError.SESSION_EXPIRED));
            }
            if (found.get().current()) {
                // What stood against it, a ban for example, was lifted between the two statements.
                return Future.failedFuture(ApiException.of(AuthError.CONFLICT));
            }
            LOG.warnf(
                    "%s a refresh token of session %s was used again: the session is ended",
                    context.requestId(), token.sessionId());
            return store.revoke(context, token.sessionId(), client.address())
                    .compose(revoked -> Future.failedFuture(ApiException.of(AuthError.REFRESH_TOKEN_ALREADY_USED)));
        });
    }

    /** Ends sessions of the user who makes the request; fails with {@link AuthError#SESSION_NOT_FOUND}. */
    public Future<Void> signOut(RequestContext context, Caller.User caller, LogoutScope scope, ClientInfo client) {
        return store.signOut(context, caller, scope, client.address())
                .compose(done -> done
                        ? Future.succeededFuture()
                        : Future.failedFuture(ApiException.of(AuthError.SESSION_NOT_FOUND)));
    }
}
