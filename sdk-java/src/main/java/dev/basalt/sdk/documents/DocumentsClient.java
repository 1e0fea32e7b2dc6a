package dev.basalt.sdk.documents;

import dev.basalt.sdk.http.BearerSource;
import dev.basalt.sdk.http.Json;
import dev.basalt.sdk.http.Transport;
import dev.basalt.sdk.http.Waiting;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Documents: objects of JSON with an id, in collections. What a document holds is read as a record, whose components are called
 * as its members are, or as a map. Numbers keep their digits; times are texts of ISO 8601; bytes are Base64; NULL for a component
 * of a primitive type, and a member that is missing, is an error. Thread-safe.
 */
public final class DocumentsClient {
    private final Connection connection;

    public DocumentsClient(Transport transport, BearerSource bearer) {
        this.connection = new Connection(transport, bearer);
    }

    /** A collection at the top, of documents of that type. */
    public <T> DocumentCollection<T> collection(String name, Class<T> type) {
        return new DocumentCollection<>(connection, new Location(List.of(name)), type);
    }

    /** A collection at the top, of documents that are maps. */
    public DocumentCollection<Map<String, @Nullable Object>> collection(String name) {
        return collection(name, Json.rowClass());
    }

    /** A document by its path, as {@link Document#path} tells it. */
    public <T> DocumentReference<T> document(String path, Class<T> type) {
        return new DocumentReference<>(connection, Location.parse(path), type);
    }

    /** The documents of all collections of that name, wherever they are. */
    public <T> DocumentQuery<T> group(String name, Class<T> type) {
        return collection(name, type).query().grouped();
    }

    /** Documents of any collections, all as of one moment. */
    public Found getAll(List<? extends DocumentReference<?>> wanted) {
        return Waiting.on(getAllAsync(wanted));
    }

    public CompletableFuture<Found> getAllAsync(List<? extends DocumentReference<?>> wanted) {
        return Found.get(connection, wanted);
    }

    /**
     * Writes of documents, and SQL with the secret key, in one transaction, all or none. The commit is made by the function, and
     * sent when that returns. It is never repeated by itself.
     *
     * @throws dev.basalt.sdk.error.DocumentException as the first write that fails, whose place {@link
     *     dev.basalt.sdk.error.DocumentException#write} tells
     * @throws dev.basalt.sdk.error.DataException as the first statement that fails
     */
    public CommitResult commit(Consumer<Commit> writes) {
        return Waiting.on(commitAsync(writes));
    }

    public CompletableFuture<CommitResult> commitAsync(Consumer<Commit> writes) {
        var commit = new Commit();
        writes.accept(commit);
        return commit.send(connection);
    }
}
