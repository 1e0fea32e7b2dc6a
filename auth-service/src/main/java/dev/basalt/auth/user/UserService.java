package dev.basalt.auth.user;

import dev.basalt.auth.password.PasswordHasher;
import dev.basalt.auth.password.PasswordRules;
import dev.basalt.auth.settings.AuthConfig;
import dev.basalt.auth.settings.AuthSettings;
import dev.basalt.auth.wire.AuthError;
import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What users see and change of themselves. Safe for use by any thread. */
@ApplicationScoped
public class UserService {
    private final UserStore store;
    private final PasswordHasher hasher;
    private final UserHooks hooks;
    private final AuthConfig config;

    @Inject
    UserService(UserStore store, PasswordHasher hasher, UserHooks hooks, AuthConfig config) {
        this.store = store;
        this.hasher = hasher;
        this.hooks = hooks;
        this.config = config;
    }

    /**
     * The user who makes the request. A token that holds is not enough: fails, the first that applies, with
     * {@link AuthError#USER_OF_TOKEN_NOT_FOUND}, {@link AuthError#SESSION_NOT_FOUND} or
     * {@link AuthError#USER_BANNED_IN_SESSION}.
     */
    public Future<User> current(RequestContext context, Caller.User caller) {
        return store.find(context, caller.id(), caller.sessionId())
                .map(found -> present(found).user());
    }

    /** Changes the user who makes the request; fails as {@link #current} does, and as the change demands. */
    Future<User> change(RequestContext context, Caller.User caller, UserChange change, @Nullable String address) {
        var password = change.password();
        if (password == null) {
            return write(context, caller, change, null, null, address);
        }
        PasswordRules.check(password, AuthSettings.of(config, context.project()));
        return store.find(context, caller.id(), caller.sessionId()).compose(found -> {
            var before = present(found);
            if (before.user().email() == null && change.email() == null) {
                throw ApiException.of(
                        AuthError.VALIDATION_FAILED,
                        "Updating password of an anonymous user without an email or phone is not allowed");
            }
            return refuseSame(password, before.passwordHash())
                    .compose(different -> hasher.hash(password))
                    .compose(hash -> write(context, caller, change, before, hash, address));
        });
    }

    private Future<Void> refuseSame(String password, @Nullable String stored) {
        if (stored == null) {
            return Future.succeededFuture();
        }
        return hasher.verify(password, stored)
                .compose(verdict -> verdict.matches()
                        ? Future.failedFuture(ApiException.of(AuthError.SAME_PASSWORD))
                        : Future.succeededFuture());
    }

    private Future<User> write(
            RequestContext context,
            Caller.User caller,
            UserChange change,
            @Nullable StoredUser before,
            @Nullable String newHash,
            @Nullable String address) {
        return store.update(context, caller.id(), caller.sessionId(), address, found -> {
            var now = present(found);
            var update = UserUpdate.of(now).withMetadata(change.data(), null);
            if (change.email() != null) {
                update = update.withEmail(caller.id(), change.email(), true);
            }
            if (before != null && newHash != null) {
                if (!Objects.equals(before.passwordHash(), now.passwordHash())) {
                    throw ApiException.of(AuthError.CONFLICT);
                }
                update = update.withPassword(newHash, caller.sessionId());
            }
            update.metadata().check(config.metadataLimit().asLongValue());
            return hooks.updating(context, now.user(), update);
        });
    }

    private static StoredUser present(Optional<StoredUser> found) {
        var stored = found.orElseThrow(() -> ApiException.of(AuthError.USER_OF_TOKEN_NOT_FOUND));
        if (!stored.inSession()) {
            throw ApiException.of(AuthError.SESSION_NOT_FOUND);
        }
        if (stored.user().isBanned()) {
            throw ApiException.of(AuthError.USER_BANNED_IN_SESSION);
        }
        return stored;
    }
}
