package dev.basalt.control.key;

import dev.basalt.control.project.PlatformError;
import dev.basalt.control.project.ProjectRegistry;
import dev.basalt.kit.caller.ApiKeyFormat;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.project.KeyKind;
import dev.basalt.kit.secret.RandomToken;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;

/** The keys' rows, by Hibernate Reactive. Safe for use by any thread with a Vert.x context. */
@ApplicationScoped
class ApiKeyRegistry {
    private static final String VALID = "from ApiKeyEntity where projectId = :project and revokedAt is null";
    private static final String SECRET = "secret";
    private final Mutiny.SessionFactory sessions;
    private final ProjectRegistry projects;

    @Inject
    ApiKeyRegistry(Mutiny.SessionFactory sessions, ProjectRegistry projects) {
        this.sessions = sessions;
        this.projects = projects;
    }

    /** The valid keys of a project, oldest first; secret ones show their last characters alone. */
    Future<List<JsonObject>> list(String ref) {
        return projects.find(ref)
                .compose(project -> UniHelper.toFuture(sessions.withSession(session -> session.createQuery(
                                VALID + " order by createdAt", ApiKeyEntity.class)
                        .setParameter("project", project.id())
                        .getResultList()
                        .map(keys -> keys.stream().map(ApiKeyRegistry::toJson).toList()))));
    }

    /** Makes a key and shows it for the only time. */
    Future<JsonObject> create(String ref, KeyKind kind) {
        return projects.find(ref)
                .compose(project -> UniHelper.toFuture(sessions.withTransaction(session -> {
                    var value = ApiKeyFormat.generate(kind);
                    var key = new ApiKeyEntity();
                    key.id = UUID.randomUUID();
                    key.projectId = project.id();
                    key.kind = kind.name().toLowerCase(Locale.ROOT);
                    key.hash = RandomToken.sha256(value);
                    key.hint = value.substring(value.length() - ApiKeyFormat.HINT_LENGTH);
                    key.value = kind == KeyKind.PUBLISHABLE ? value : null;
                    key.createdAt = Instant.now();
                    return session.persist(key).replaceWith(() -> toJson(key).put("value", value));
                })));
    }

    /**
     * Revokes a key, at once and for good. Fails with {@link PlatformError#KEY_NOT_FOUND} or
     * {@link PlatformError#LAST_SECRET_KEY}.
     */
    Future<Void> revoke(String ref, UUID id) {
        return projects.find(ref)
                .compose(project -> UniHelper.toFuture(
                        sessions.withTransaction(session -> session.createQuery(VALID, ApiKeyEntity.class)
                                .setParameter("project", project.id())
                                // Two at once must not each leave the other's key as the last one.
                                .setLockMode(LockMode.PESSIMISTIC_WRITE)
                                .getResultList()
                                .chain(keys -> revoke(keys, id)))));
    }

    /** The hash of a valid secret key, in lower-case hexadecimal. Fails with {@link PlatformError#KEY_NOT_FOUND}. */
    Future<String> secretKeyHash(String ref, UUID id) {
        return projects.find(ref)
                .compose(project -> UniHelper.toFuture(sessions.withSession(session -> session.createQuery(
                                VALID, ApiKeyEntity.class)
                        .setParameter("project", project.id())
                        .getResultList()
                        .map(keys -> keys.stream()
                                .filter(key -> key.id.equals(id) && key.kind.equals(SECRET))
                                .findFirst()
                                .map(key -> HexFormat.of().formatHex(key.hash))
                                .orElseThrow(() -> ApiException.of(PlatformError.KEY_NOT_FOUND))))));
    }

    private static Uni<Void> revoke(List<ApiKeyEntity> keys, UUID id) {
        var revoked = keys.stream().filter(key -> key.id.equals(id)).findFirst();
        if (revoked.isEmpty()) {
            return Uni.createFrom().failure(ApiException.of(PlatformError.KEY_NOT_FOUND));
        }
        var secrets = keys.stream().filter(key -> key.kind.equals(SECRET)).count();
        if (revoked.get().kind.equals(SECRET) && secrets == 1) {
            return Uni.createFrom().failure(ApiException.of(PlatformError.LAST_SECRET_KEY));
        }
        revoked.get().revokedAt = Instant.now();
        return Uni.createFrom().voidItem();
    }

    private static JsonObject toJson(ApiKeyEntity key) {
        return new JsonObject()
                .put("id", key.id.toString())
                .put("kind", key.kind)
                .put("hint", key.hint)
                .put("value", key.value)
                .put("createdAt", key.createdAt);
    }
}
