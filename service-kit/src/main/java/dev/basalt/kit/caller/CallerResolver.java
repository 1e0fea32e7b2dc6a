package dev.basalt.kit.caller;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.KitError;
import dev.basalt.kit.project.KeyKind;
import dev.basalt.kit.project.Project;
import dev.basalt.kit.project.ProjectDirectory;
import dev.basalt.kit.project.ProjectsConfig;
import dev.basalt.kit.secret.MasterKeyConfig;
import dev.basalt.kit.secret.RandomToken;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the project and the caller of a request from its host, its key and its bearer token, from memory wherever it can.
 * Safe for use by any thread.
 *
 * <p>Project: the first label of the host under the configured domain, else the key's, else {@code default}. Errors, the
 * first that applies: unknown project, unknown key, a key of another project, a token that does not verify.
 */
@Singleton
public class CallerResolver {
    private static final String DEFAULT_PROJECT = "default";
    private static final String BEARER = "bearer ";

    private final ProjectDirectory directory;
    private final TokenVerifier tokens;
    private final String domainSuffix;
    private final byte @Nullable [] platformKeyHash;

    @Inject
    public CallerResolver(
            ProjectDirectory directory, TokenVerifier tokens, ProjectsConfig projects, MasterKeyConfig secrets) {
        this.directory = directory;
        this.tokens = tokens;
        this.domainSuffix = "." + projects.domain().toLowerCase(Locale.ROOT);
        this.platformKeyHash = secrets.platformKey().map(RandomToken::sha256).orElse(null);
    }

    /**
     * The credentials of a request.
     *
     * @param host the Host header without its port
     * @param apiKey the header of that name
     * @param authorization the Authorization header
     */
    public record Credentials(
            @Nullable String host,
            @Nullable String apiKey,
            @Nullable String authorization) {
        @Nullable
        String bearer() {
            if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
                return null;
            }
            var token = authorization.substring(BEARER.length()).trim();
            return token.isEmpty() ? null : token;
        }

        @Override
        public String toString() {
            return "Credentials[" + host + "]";
        }
    }

    /** Resolves the credentials; the future fails with an {@link ApiException} when they don't hold. */
    public Future<Identity> resolve(Credentials credentials) {
        var bearer = credentials.bearer();
        var key = credentials.apiKey() != null ? credentials.apiKey() : bearer;
        var hostRef = hostRef(credentials.host());
        if (key != null && ApiKeyFormat.isPlatformKey(key)) {
            return resolveOperator(key, hostRef);
        }
        if (key == null) {
            return byRef(hostRef.orElse(DEFAULT_PROJECT))
                    .map(project -> new Identity(project, new Caller.Anonymous(), false, false));
        }
        if (ApiKeyFormat.isOpaque(key)) {
            return byKey(key, hostRef).map(keyed -> identify(keyed.project, keyed.kind, key, bearer));
        }
        return Future.succeededFuture(key)
                .compose(token -> byRef(hostRef.or(() -> TokenVerifier.claimedProject(token))
                        .orElseThrow(() -> ApiException.of(KitError.INVALID_TOKEN))))
                .map(project -> identify(project, key, bearer));
    }

    /**
     * What a secret key amounts to that the caller has proven to hold without sending it; nothing where there is no such key, or
     * the host names another project.
     *
     * @param keyHash as {@link ApiKeyFormat#hash} answers it
     */
    public Future<Optional<Identity>> bySecretKey(String keyHash, @Nullable String host) {
        return directory
                .byKeyHash(keyHash)
                .map(found -> found.filter(project -> project.keys().get(keyHash) == KeyKind.SECRET
                                && hostRef(host)
                                        .filter(ref -> !ref.equals(project.ref()))
                                        .isEmpty())
                        .map(project -> new Identity(answering(project), keyCaller(KeyKind.SECRET), true, true)));
    }

    private record Keyed(Project project, KeyKind kind) {}

    private Future<Keyed> byKey(String key, Optional<String> hostRef) {
        var hash = ApiKeyFormat.hash(key);
        return directory.byKeyHash(hash).map(found -> {
            var project = found.orElseThrow(() -> ApiException.of(KitError.INVALID_API_KEY));
            var kind = project.keys().get(hash);
            if (kind == null
                    || hostRef.filter(ref -> !ref.equals(project.ref())).isPresent()) {
                throw ApiException.of(KitError.INVALID_API_KEY);
            }
            return new Keyed(answering(project), kind);
        });
    }

    /** An opaque key came; the bearer is the same key, another opaque key of the project, or a user's token. */
    private Identity identify(Project project, KeyKind kind, String key, @Nullable String bearer) {
        if (bearer == null || bearer.equals(key)) {
            return new Identity(project, keyCaller(kind), true, kind == KeyKind.SECRET);
        }
        if (ApiKeyFormat.isOpaque(bearer)) {
            var bearerKind = project.keys().get(ApiKeyFormat.hash(bearer));
            if (bearerKind == null) {
                throw ApiException.of(KitError.INVALID_API_KEY);
            }
            return new Identity(project, keyCaller(bearerKind), true, bearerKind == KeyKind.SECRET);
        }
        return new Identity(project, tokens.verify(project, bearer), true, kind == KeyKind.SECRET);
    }

    /** A JWT came as the key, or a token alone. A user's token alone is no key. */
    private Identity identify(Project project, String key, @Nullable String bearer) {
        var keyCaller = tokens.verify(project, key);
        var isKey = !(keyCaller instanceof Caller.User);
        var isSecret = keyCaller instanceof Caller.Service;
        if (bearer == null || bearer.equals(key)) {
            return new Identity(project, keyCaller, isKey, isSecret);
        }
        if (ApiKeyFormat.isOpaque(bearer)) {
            return identify(project, KeyKind.PUBLISHABLE, key, bearer);
        }
        return new Identity(project, tokens.verify(project, bearer), isKey, isSecret);
    }

    private static Caller keyCaller(KeyKind kind) {
        return switch (kind) {
            case PUBLISHABLE -> new Caller.Anonymous();
            case SECRET -> new Caller.Service();
        };
    }

    private Future<Identity> resolveOperator(String key, Optional<String> hostRef) {
        if (platformKeyHash == null || !MessageDigest.isEqual(platformKeyHash, RandomToken.sha256(key))) {
            return Future.failedFuture(ApiException.of(KitError.INVALID_API_KEY));
        }
        if (hostRef.isEmpty()) {
            return Future.succeededFuture(new Identity(null, new Caller.Operator(), true, false));
        }
        return byRef(hostRef.get()).map(project -> new Identity(project, new Caller.Operator(), true, false));
    }

    private Future<Project> byRef(String ref) {
        return directory
                .byRef(ref)
                .map(found -> answering(found.orElseThrow(() -> ApiException.of(KitError.PROJECT_NOT_FOUND))));
    }

    private static Project answering(Project project) {
        return switch (project.status()) {
            case ACTIVE -> project;
            case PAUSED -> throw ApiException.of(KitError.PROJECT_PAUSED).withHeader("Retry-After", "60");
            case DELETING -> throw ApiException.of(KitError.PROJECT_NOT_FOUND);
        };
    }

    private Optional<String> hostRef(@Nullable String host) {
        if (host == null) {
            return Optional.empty();
        }
        var lower = host.toLowerCase(Locale.ROOT);
        if (!lower.endsWith(domainSuffix)) {
            return Optional.empty();
        }
        var label = lower.substring(0, lower.length() - domainSuffix.length());
        return Optional.of(label.substring(0, label.indexOf('.') < 0 ? label.length() : label.indexOf('.')));
    }
}
