package dev.basalt.sdk;

import dev.basalt.sdk.auth.AuthClient;
import dev.basalt.sdk.data.CallQuery;
import dev.basalt.sdk.data.Schema;
import dev.basalt.sdk.data.Table;
import dev.basalt.sdk.functions.FunctionsClient;
import dev.basalt.sdk.http.ClientOptions;
import dev.basalt.sdk.http.Transport;
import dev.basalt.sdk.storage.StorageClient;
import java.net.URI;
import org.jspecify.annotations.Nullable;

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
    private final Schema data;
    private final StorageClient storage;
    private final FunctionsClient functions;

    BasaltClient(URI url, String key, ClientOptions options) {
        this.transport = new Transport(url, key, options);
        this.auth = new AuthClient(transport);
        this.data = new Schema(transport, auth.bearer(), null);
        this.storage = new StorageClient(transport, auth.bearer());
        this.functions = new FunctionsClient(transport, auth.bearer());
    }

    /** Signing up, in and out, and the session. */
    public AuthClient auth() {
        return auth;
    }

    /** A table or view. */
    public Table from(String table) {
        return data.from(table);
    }

    /** Calls a function of the database without arguments. */
    public CallQuery rpc(String function) {
        return data.rpc(function);
    }

    /** Calls a function of the database with arguments by name, a record or a map; see {@link Schema} for other kinds. */
    public CallQuery rpc(String function, @Nullable Object arguments) {
        return data.rpc(function, arguments);
    }

    /** Tables and functions of another exposed schema than the first. */
    public Schema schema(String name) {
        return new Schema(transport, auth.bearer(), name);
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
