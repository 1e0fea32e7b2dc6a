package dev.basalt.sdk.documents;

import dev.basalt.sdk.error.DocumentException;
import dev.basalt.sdk.http.Json;
import dev.basalt.sdk.http.Linked;
import dev.basalt.sdk.http.Waiting;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Documents of one kind: at the top, or below one document. Immutable and thread-safe.
 *
 * <p>Calls fail with {@link DocumentException} or {@link dev.basalt.sdk.error.TransportException}.
 */
public final class DocumentCollection<T> {
    private final Connection connection;
    private final Location location;
    private final Class<T> type;

    DocumentCollection(Connection connection, Location location, Class<T> type) {
        if (location.isDocument()) {
            throw new IllegalArgumentException(location.text() + " names a document, and no collection");
        }
        this.connection = connection;
        this.location = location;
        this.type = type;
    }

    /** Where it is, for example {@code articles} or {@code articles/intro/comments}. */
    public String path() {
        return location.text();
    }

    /**
     * A document of it.
     *
     * @param id any text of 1 to 1,500 bytes but {@code .} and {@code ..}
     */
    public DocumentReference<T> document(String id) {
        return new DocumentReference<>(connection, location.then(id), type);
    }

    /** Makes a document under an id that the server makes, which grows with time (UUIDv7). */
    public Document<T> add(T value) {
        return Waiting.on(addAsync(value));
    }

    public CompletableFuture<Document<T>> addAsync(T value) {
        return connection.send(
                Connection.call("POST", location.url(), value),
                answer -> Document.of(Json.readTree(answer), type, answer.requestId()));
    }

    /** All documents of it, to be narrowed. */
    public DocumentQuery<T> query() {
        return new DocumentQuery<>(connection, location, type);
    }

    /** Documents by their ids, all as of one moment and in the order asked for; those that are missing are left out. */
    public Map<String, Document<T>> getAll(Collection<String> ids) {
        return Waiting.on(getAllAsync(ids));
    }

    public CompletableFuture<Map<String, Document<T>>> getAllAsync(Collection<String> ids) {
        List<DocumentReference<T>> wanted = ids.stream().map(this::document).toList();
        return Linked.map(Found.get(connection, wanted), found -> {
            var documents = new LinkedHashMap<String, Document<T>>();
            for (DocumentReference<T> one : wanted) {
                found.get(one).ifPresent(document -> documents.put(one.id(), document));
            }
            return documents;
        });
    }
}
