package dev.basalt.sdk;

import dev.basalt.sdk.auth.AuthClient;
import dev.basalt.sdk.data.Table;
import dev.basalt.sdk.functions.FunctionsClient;
import dev.basalt.sdk.http.ClientOptions;
import dev.basalt.sdk.http.Transport;
import dev.basalt.sdk.storage.StorageClient;
import java.net.URI;

/**
 * One project of a running Basalt, seen by one caller: the signed-in user, or the key while nobody is.
 *
 * <p>Every call exists in a blocking form and in one that answers a {@link java.util.concurrent.CompletableFuture} and ends
 * in {@code Async}; both fail with a {@link dev.basalt.sdk.error.BasaltException}. Thread-safe. A server that acts for
 * several users keeps a client for each.
 */
public final class BasaltClient implements AutoCloseable {
    private final Transport transport;
    private final AuthClient auth;
    private final StorageClient storage;
    private final FunctionsClient functions;

    BasaltClient(URI url, String key, ClientOptions options) {
        this.transport = new Transport(url, key, options);
        this.auth = new AuthClient(transport);
        this.storage = new StorageClient(transport, auth.bearer());
        this.functions = new FunctionsClient(transport, auth.bearer());
    }

    /** Signing up, in and out, and the session. */
    public AuthClient auth() {
        return auth;
    }

    /** A table or view. */
    public Table from(String table) {
        return new Table(transport, auth.bearer(), table);
    }

    /** Buckets and objects. */
    public StorageClient storage() {
        return storage;
    }

    /** Functions. */
    public FunctionsClient functions() {
        return functions;
    }

    /** Closes the connections; calls under way fail. The session is forgotten here and stays good at the server. */
    @Override
    public void close() {
        transport.close();
    }
}
