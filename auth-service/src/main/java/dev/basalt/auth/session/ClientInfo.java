package dev.basalt.auth.session;

import dev.basalt.auth.wire.ClientAddress;
import dev.basalt.kit.http.Exchange;
import io.vertx.core.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Where a session is used from.
 *
 * @param address as {@link ClientAddress} tells it
 */
public record ClientInfo(
        @Nullable String userAgent, @Nullable String address) {
    private static final int MAX_USER_AGENT = 500;

    /** Reads it off a request. */
    public static ClientInfo of(Exchange exchange) {
        var agent = exchange.header(HttpHeaders.USER_AGENT);
        return new ClientInfo(
                agent == null || agent.length() <= MAX_USER_AGENT ? agent : agent.substring(0, MAX_USER_AGENT),
                ClientAddress.of(exchange));
    }
}
