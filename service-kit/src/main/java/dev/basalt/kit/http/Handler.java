package dev.basalt.kit.http;

import io.vertx.core.Future;

/** What an endpoint does. Called on an event loop: it must not block. */
@FunctionalInterface
public interface Handler {
    /**
     * Answers one request. A failure is answered in the API's dialect; anything but an
     * {@link dev.basalt.kit.error.ApiException} or an outage of the database becomes a 500.
     */
    Future<Reply> handle(Exchange exchange);
}
