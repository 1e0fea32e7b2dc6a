package dev.basalt.sdk.http;

import java.util.concurrent.CompletableFuture;

/** Where a call gets its bearer token: the signed-in user's, or the key. Thread-safe. */
@FunctionalInterface
public interface BearerSource {
    /** A token that is good for the next moments; waits for a refresh if one is due. */
    CompletableFuture<String> bearer();
}
