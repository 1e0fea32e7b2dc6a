package dev.basalt.sdk;

import dev.basalt.sdk.auth.AuthClient;
import dev.basalt.sdk.data.Batch;
import dev.basalt.sdk.data.BatchResult;
import dev.basalt.sdk.data.CallQuery;
import dev.basalt.sdk.data.Schema;
import dev.basalt.sdk.data.Table;
import dev.basalt.sdk.documents.DocumentsClient;
import dev.basalt.sdk.functions.FunctionsClient;
import dev.basalt.sdk.http.ClientOptions;
import dev.basalt.sdk.http.Transport;
import dev.basalt.sdk.sql.Isolation;
import dev.basalt.sdk.sql.SqlClient;
import dev.basalt.sdk.storage.StorageClient;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
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
    private final DocumentsClient documents;
    private final SqlClient sql;
    private final StorageClient storage;
    private final FunctionsClient functions;

    BasaltClient(URI url, String key, ClientOptions options) {
        this.transport = new Transport(url, key, options);
        this.auth = new AuthClient(transport);
        this.data = new Schema(transport, auth.bearer(), null);
        this.documents = new DocumentsClient(transport, auth.bearer());
        this.sql = new SqlClient(transport, auth.bearer());
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

    /** Several requests on tables and functions in one transaction, all or none; see {@link Schema#batch(Consumer)}. */
    public BatchResult batch(Consumer<Batch> requests) {
        return data.batch(requests);
    }

    public CompletableFuture<BatchResult> batchAsync(Consumer<Batch> requests) {
        return data.batchAsync(requests);
    }

    /** As {@link #batch(Consumer)}, in a transaction of that isolation. */
    public BatchResult batch(Isolation isolation, Consumer<Batch> requests) {
        return data.batch(isolation, requests);
    }

    public CompletableFuture<BatchResult> batchAsync(Isolation isolation, Consumer<Batch> requests) {
        return data.batchAsync(isolation, requests);
    }

    /** Documents in collections. */
    public DocumentsClient documents() {
        return documents;
    }

    /** SQL, for a client with the secret key. */
    public SqlClient sql() {
        return sql;
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
