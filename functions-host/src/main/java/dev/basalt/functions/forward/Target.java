package dev.basalt.functions.forward;

import io.vertx.core.net.SocketAddress;

/**
 * Where a server is.
 *
 * @param address what to connect to
 * @param host what the {@code Host} header and the certificate's check name
 * @param path what stands before every path, without a slash at its end
 */
public record Target(SocketAddress address, String host, int port, boolean tls, String path) {}
