package dev.basalt.auth.signup;

import dev.basalt.auth.password.PasswordHasher;
import dev.basalt.auth.password.PasswordRules;
import dev.basalt.auth.session.ClientInfo;
import dev.basalt.auth.session.IssuedSession;
import dev.basalt.auth.session.SessionService;
import dev.basalt.auth.settings.AuthConfig;
import dev.basalt.auth.settings.AuthSettings;
import dev.basalt.auth.user.EmailAddress;
import dev.basalt.auth.user.NewUser;
import dev.basalt.auth.user.UserHooks;
import dev.basalt.auth.wire.AuthError;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * How somebody becomes a user. Addresses are taken as their users' own without a confirmation. Safe for use by any thread.
 *
 * <p>Errors, the first that applies: sign-up not allowed, no or malformed address, no, too long or too weak password, too
 * much metadata, too many requests, refused by a before hook, address already registered.
 */
@ApplicationScoped
class SignupService {
    private final SessionService sessions;
    private final PasswordHasher hasher;
    private final UserHooks hooks;
    private final AuthConfig config;

    @Inject
    SignupService(SessionService sessions, PasswordHasher hasher, UserHooks hooks, AuthConfig config) {
        this.sessions = sessions;
        this.hasher = hasher;
        this.hooks = hooks;
        this.config = config;
    }

    Future<IssuedSession> signUp(RequestContext context, SignupRequest request, ClientInfo client) {
        var settings = AuthSettings.of(config, context.project());
        if (!settings.signupEnabled()) {
            throw ApiException.of(AuthError.SIGNUP_DISABLED);
        }
        if (request.isAnonymous()) {
            if (!settings.anonymousEnabled()) {
                throw ApiException.of(AuthError.ANONYMOUS_DISABLED);
            }
            return store(context, newUser(request, null, null), client);
        }
        var email = new EmailAddress(request.email());
        if (request.password().isEmpty()) {
            throw ApiException.of(AuthError.VALIDATION_FAILED, "Signup requires a valid password");
        }
        PasswordRules.check(request.password(), settings);
        // Refuses what is too large before it costs a hash.
        newUser(request, email, null);
        return hasher.hash(request.password()).compose(hash -> store(context, newUser(request, email, hash), client));
    }

    private NewUser newUser(SignupRequest request, @Nullable EmailAddress email, @Nullable String hash) {
        var user = NewUser.signingUp(email, hash, request.data());
        user.metadata().check(config.metadataLimit().asLongValue());
        return user;
    }

    private Future<IssuedSession> store(RequestContext context, NewUser user, ClientInfo client) {
        return hooks.creating(context, user).compose(shaped -> sessions.signUp(context, shaped, client));
    }
}
