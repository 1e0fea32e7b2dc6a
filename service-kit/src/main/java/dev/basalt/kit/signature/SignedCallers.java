package dev.basalt.kit.signature;

import dev.basalt.kit.caller.CallerResolver;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Objects;

/** Takes a signature in the place of a project's secret key. Safe for use by any thread. */
@Singleton
public class SignedCallers {
    private final CallerResolver callers;
    private final AccessKeys keys;

    @Inject
    public SignedCallers(CallerResolver callers, AccessKeys keys) {
        this.callers = callers;
        this.keys = keys;
    }

    /** Whether a request claims to be signed. */
    public static boolean isSigned(Exchange exchange) {
        var authorization = exchange.header(HttpHeaders.AUTHORIZATION);
        return authorization != null && SignedRequest.isOne(authorization);
    }

    /**
     * Makes a signed request that of the project's own server; any other stays what it is. Fails with a
     * {@link SignatureError}.
     *
     * @param body all of it
     */
    public Future<Void> identify(Exchange exchange, Buffer body) {
        var authorization = exchange.header(HttpHeaders.AUTHORIZATION);
        if (authorization == null || !SignedRequest.isOne(authorization)) {
            return Future.succeededFuture();
        }
        var request = exchange.request();
        var signed = SignedRequest.parse(authorization);
        var authority = request.authority();
        return callers.bySecretKey(signed.accessKeyId(), authority == null ? null : authority.host())
                .map(found -> {
                    var identity = found.orElseThrow(() -> ApiException.of(SignatureError.UNKNOWN_ACCESS_KEY));
                    signed.check(
                            keys.secret(signed.accessKeyId()),
                            request.method().name(),
                            Objects.requireNonNullElse(request.path(), ""),
                            Objects.requireNonNullElse(request.query(), ""),
                            request.headers(),
                            body,
                            Instant.now());
                    exchange.become(identity);
                    return null;
                });
    }
}
