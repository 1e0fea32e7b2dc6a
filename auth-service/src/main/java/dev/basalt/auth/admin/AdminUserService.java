package dev.basalt.auth.admin;

import dev.basalt.auth.password.PasswordHasher;
import dev.basalt.auth.password.PasswordRules;
import dev.basalt.auth.settings.AuthConfig;
import dev.basalt.auth.settings.AuthSettings;
import dev.basalt.auth.user.Metadata;
import dev.basalt.auth.user.NewUser;
import dev.basalt.auth.user.StoredUser;
import dev.basalt.auth.user.User;
import dev.basalt.auth.user.UserHooks;
import dev.basalt.auth.user.UserStore;
import dev.basalt.auth.user.UserUpdate;
import dev.basalt.auth.wire.AuthError;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Users as the project's own server manages them. Safe for use by any thread. */
@ApplicationScoped
class AdminUserService {
    private final UserStore store;
    private final PasswordHasher hasher;
    private final UserHooks hooks;
    private final AuthConfig config;

    @Inject
    AdminUserService(UserStore store, PasswordHasher hasher, UserHooks hooks, AuthConfig config) {
        this.store = store;
        this.hasher = hasher;
        this.hooks = hooks;
        this.config = config;
    }

    /** Makes a user without a session, who can sign in once the address is confirmed. */
    Future<User> create(RequestContext context, AdminUserRequest request, @Nullable String address) {
        var email = request.email();
        if (email == null) {
            throw ApiException.of(AuthError.VALIDATION_FAILED, "Cannot create a user without either an email or phone");
        }
        var id = request.id() == null ? UUID.randomUUID() : request.id();
        var data = request.userMetadata() == null ? new JsonObject() : request.userMetadata();
        var metadata = NewUser.metadata(id, email, request.confirmEmail(), data).patched(null, request.appMetadata());
        check(metadata);
        return newHash(context, request)
                .compose(hash -> hooks.creating(
                        context,
                        new NewUser(
                                id,
                                email,
                                hash.orElse(null),
                                request.confirmEmail(),
                                metadata,
                                request.role() == null ? NewUser.DEFAULT_ROLE : request.role(),
                                bannedUntil(request.ban()),
                                false)))
                .compose(user -> store.create(context, user, address));
    }

    /** Changes a user; fails with {@link AuthError#USER_NOT_FOUND}. A new password ends every session. */
    Future<User> change(RequestContext context, UUID id, AdminUserRequest request, @Nullable String address) {
        return newHash(context, request)
                .compose(hash -> store.update(context, id, null, address, found -> {
                    var stored = present(found);
                    return hooks.updating(context, stored.user(), changed(stored, id, request, hash));
                }));
    }

    private UserUpdate changed(StoredUser stored, UUID id, AdminUserRequest request, Optional<String> hash) {
        var update = UserUpdate.of(stored);
        if (request.email() != null) {
            update = update.withEmail(id, request.email(), true);
        }
        if (hash.isPresent()) {
            update = update.withPassword(hash.get(), null);
        }
        update = update.withMetadata(request.userMetadata(), request.appMetadata())
                .withStanding(
                        request.role() == null ? update.role() : request.role(),
                        request.confirmEmail() && update.emailConfirmedAt() == null
                                ? OffsetDateTime.now(ZoneOffset.UTC)
                                : update.emailConfirmedAt(),
                        request.ban() == null ? update.bannedUntil() : bannedUntil(request.ban()));
        check(update.metadata());
        return update;
    }

    Future<User> read(RequestContext context, UUID id) {
        return store.find(context, id, null).map(found -> present(found).user());
    }

    Future<UserStore.Page> list(RequestContext context, int limit, long offset) {
        return store.list(context, limit, offset);
    }

    /** Deletes a user; fails with {@link AuthError#USER_NOT_FOUND}. */
    Future<Void> delete(RequestContext context, UUID id, boolean softly, @Nullable String address) {
        var deleted = hooks.onDelete(context)
                ? store.delete(context, id, softly, address, user -> hooks.deleting(context, user))
                : store.delete(context, id, softly, address);
        return deleted.compose(done ->
                done ? Future.succeededFuture() : Future.failedFuture(ApiException.of(AuthError.USER_NOT_FOUND)));
    }

    private Future<Optional<String>> newHash(RequestContext context, AdminUserRequest request) {
        var imported = request.passwordHash();
        if (imported != null) {
            if (request.password() != null || !PasswordHasher.isKnown(imported)) {
                throw ApiException.of(
                        AuthError.VALIDATION_FAILED,
                        "password_hash must be a bcrypt or Argon2 hash of bearable cost, without a password beside it");
            }
            return Future.succeededFuture(Optional.of(imported));
        }
        if (request.password() == null) {
            return Future.succeededFuture(Optional.empty());
        }
        PasswordRules.check(request.password(), AuthSettings.of(config, context.project()));
        return hasher.hash(request.password()).map(Optional::of);
    }

    private void check(Metadata metadata) {
        metadata.check(config.metadataLimit().asLongValue());
    }

    private static StoredUser present(Optional<StoredUser> found) {
        return found.orElseThrow(() -> ApiException.of(AuthError.USER_NOT_FOUND));
    }

    private static @Nullable OffsetDateTime bannedUntil(@Nullable Duration ban) {
        return ban == null || ban.isZero()
                ? null
                : OffsetDateTime.now(ZoneOffset.UTC).plus(ban);
    }
}
