package dev.basalt.functions.invoke;

import com.github.benmanes.caffeine.cache.Cache;
import dev.basalt.functions.FunctionsConfig;
import dev.basalt.functions.runtime.PlatformAccess;
import dev.basalt.kit.caller.Caller;
import dev.basalt.kit.caller.Role;
import dev.basalt.kit.caller.TokenIssuer;
import dev.basalt.kit.lifecycle.BasaltConfig;
import dev.basalt.kit.project.Project;
import dev.basalt.kit.request.Cause;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.kit.work.Caches;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import io.quarkus.runtime.LaunchMode;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * Says for a function who it is towards Basalt's own APIs: by tokens of some minutes that never reach the function itself. Safe
 * for use by any thread.
 */
@Singleton
public class PlatformCredentials {
    private static final Duration TOKEN_LIFE = Duration.ofMinutes(5);
    private static final Duration KEPT = Duration.ofMinutes(1);
    private static final int MAX_KEPT = 10_000;

    private record Key(UUID project, String signingKey, String claims) {}

    private final TokenIssuer issuer;
    private final Cause cause;
    private final ChainCosts costs;
    private final FunctionsConfig config;
    private final BasaltConfig basalt;
    /** A signature costs more than the rest of a call, and its check at the other end is remembered by the token. */
    private final Cache<Key, String> tokens = Caches.builder()
            .maximumSize(MAX_KEPT)
            .expireAfterWrite(KEPT)
            .recordStats()
            .build();

    private volatile @Nullable String url;

    @Inject
    PlatformCredentials(
            TokenIssuer issuer,
            Cause cause,
            ChainCosts costs,
            FunctionsConfig config,
            BasaltConfig basalt,
            MeterRegistry metrics) {
        this.issuer = issuer;
        this.cause = cause;
        this.costs = costs;
        this.config = config;
        this.basalt = basalt;
        CaffeineCacheMetrics.monitor(metrics, tokens, "basalt.functions.tokens");
    }

    /**
     * What a function may do for this request. An event has no caller: what it led to is done as nobody, or as the service
     * where the manifest grants that.
     */
    PlatformAccess access(AcceptedInvocation accepted) {
        var context = accepted.context;
        var caller = accepted.kind == InvocationKind.AFTER ? new Caller.Anonymous() : context.caller();
        return new Access(
                accepted, context, caller, accepted.function.runnable().grantedService());
    }

    private final class Access implements PlatformAccess {
        private final AcceptedInvocation accepted;
        private final RequestContext context;
        private final Caller caller;
        private final boolean service;

        Access(AcceptedInvocation accepted, RequestContext context, Caller caller, boolean service) {
            this.accepted = accepted;
            this.context = context;
            this.caller = caller;
            this.service = service;
        }

        @Override
        public String url() {
            return baseUrl();
        }

        @Override
        public boolean allows(As as) {
            return as != As.SERVICE || service;
        }

        @Override
        public List<Map.Entry<String, String>> headers(As as) {
            var project = context.project();
            var headers = new ArrayList<Map.Entry<String, String>>();
            headers.add(Map.entry("x-request-id", context.requestId()));
            headers.add(Map.entry(Cause.HEADER, cause.seal(context.triggerDepth() + 1, costs.chain(accepted))));
            var asService = as == As.SERVICE || (as == As.CALLER && caller instanceof Caller.Service);
            headers.add(Map.entry("apikey", role(project, asService ? Role.SERVICE : Role.ANON)));
            if (as == As.CALLER && caller instanceof Caller.User user) {
                headers.add(Map.entry("authorization", "Bearer " + user(project, user)));
            }
            return headers;
        }
    }

    private String role(Project project, Role role) {
        return token(project, Map.of("iss", "basalt", "role", role.databaseName()), Instant.MAX);
    }

    private String user(Project project, Caller.User user) {
        return token(project, user.claims().getMap(), user.expiresAt());
    }

    private String token(Project project, Map<String, Object> claims, Instant notAfter) {
        var key = new Key(project.id(), project.currentSigningKey().kid(), claims.toString());
        return tokens.get(key, absent -> {
            var now = Instant.now();
            var end = now.plus(TOKEN_LIFE);
            var all = new HashMap<>(claims);
            all.put("iat", now.getEpochSecond());
            all.put("exp", (end.isBefore(notAfter) ? end : notAfter).getEpochSecond());
            return issuer.sign(project, all);
        });
    }

    private String baseUrl() {
        var known = url;
        if (known == null) {
            known = config.platformUrl().orElseGet(this::ownUrl);
            url = known;
        }
        return known;
    }

    /** This process's own address, which has all the APIs where everything is one process. */
    private String ownUrl() {
        var port = LaunchMode.current() == LaunchMode.TEST ? "quarkus.http.test-port" : "quarkus.http.port";
        var host = basalt.host();
        var any = host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]");
        return "http://" + (any ? "127.0.0.1" : host) + ":"
                + ConfigProvider.getConfig().getValue(port, Integer.class);
    }
}
