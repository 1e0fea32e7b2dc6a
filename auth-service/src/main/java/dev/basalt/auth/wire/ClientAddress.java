package dev.basalt.auth.wire;

import dev.basalt.kit.http.Exchange;
import org.jspecify.annotations.Nullable;

/** Where a request came from. */
public final class ClientAddress {
    private ClientAddress() {}

    /**
     * The client's IP address, as PostgreSQL's {@code inet} takes it. Behind a proxy it is the proxy's, unless Quarkus is
     * told to trust its headers.
     */
    public static @Nullable String of(Exchange exchange) {
        var remote = exchange.request().remoteAddress();
        var address = remote == null ? null : remote.hostAddress();
        if (address == null) {
            return null;
        }
        // A link-local IPv6 address names its interface, which inet does not take.
        var zone = address.indexOf('%');
        return zone < 0 ? address : address.substring(0, zone);
    }
}
