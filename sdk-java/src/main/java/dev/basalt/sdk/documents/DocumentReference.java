package dev.basalt.sdk.documents;

import dev.basalt.sdk.error.DocumentException;
import dev.basalt.sdk.http.Answer;
import dev.basalt.sdk.http.Call;
import dev.basalt.sdk.http.DocumentJson;
import dev.basalt.sdk.http.Json;
import dev.basalt.sdk.http.Linked;
import dev.basalt.sdk.http.Waiting;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A document that may be there or not, and what can be done with it. Immutable and thread-safe. Writes are not repeated by
 * themselves.
 *
 * <p>Calls fail with {@link DocumentException} or {@link dev.basalt.sdk.error.TransportException}.
 */
public final class DocumentReference<T> {
    private final Connection connection;
    private final Location location;
    private final Class<T> type;
    private final Precondition precondition;

    DocumentReference(Connection connection, Location location, Class<T> type) {
        this(connection, location, type, new Precondition.None());
    }

    private DocumentReference(Connection connection, Location location, Class<T> type, Precondition precondition) {
        if (!location.isDocument()) {
            throw new IllegalArgumentException(location.text() + " names a collection; a document is collection/id");
        }
        this.connection = connection;
        this.location = location;
        this.type = type;
        this.precondition = precondition;
    }

    /** Where it is, for example {@code articles/intro}; of ids, {@code %} and {@code /} are percent-encoded. */
    public String path() {
        return location.text();
    }

    public String id() {
        return location.last();
    }

    /** A subcollection. It is there whether the document is or not. */
    public <S> DocumentCollection<S> collection(String name, Class<S> ofType) {
        return new DocumentCollection<>(connection, location.then(name), ofType);
    }

    /** Lets writes fail with {@link DocumentException.PreconditionFailed} unless the document is of that version. */
    public DocumentReference<T> ifVersion(long version) {
        return with(new Precondition.Version(version));
    }

    /** Lets writes fail with {@link DocumentException.PreconditionFailed} unless the document is there. */
    public DocumentReference<T> ifExists() {
        return with(new Precondition.Exists(true));
    }

    /** Lets writes fail with {@link DocumentException.PreconditionFailed} if the document is there. */
    public DocumentReference<T> ifAbsent() {
        return with(new Precondition.Exists(false));
    }

    private DocumentReference<T> with(Precondition changed) {
        return new DocumentReference<>(connection, location, type, changed);
    }

    /** The document; nothing where there is none, or none that the caller may see. */
    public Optional<Document<T>> get() {
        return Waiting.on(getAsync());
    }

    public CompletableFuture<Optional<Document<T>>> getAsync() {
        return orMissing(
                connection.send(Connection.call("GET", location.url()), answer -> Optional.of(document(answer))),
                Optional.empty());
    }

    /** Writes all of it, whether it is there or not. */
    public Document<T> set(T value) {
        return Waiting.on(setAsync(value));
    }

    public CompletableFuture<Document<T>> setAsync(T value) {
        return write(Connection.call("PUT", location.url(), value));
    }

    /** Makes it; fails with {@link DocumentException.PreconditionFailed} where it is there. */
    public Document<T> create(T value) {
        return Waiting.on(createAsync(value));
    }

    public CompletableFuture<Document<T>> createAsync(T value) {
        return ifAbsent().setAsync(value);
    }

    /**
     * Changes the members that a map or record holds, and removes those that are null in it (RFC 7396).
     *
     * @throws DocumentException.NotFound if there is no such document
     */
    public Document<T> merge(Object changes) {
        return Waiting.on(mergeAsync(changes));
    }

    public CompletableFuture<Document<T>> mergeAsync(Object changes) {
        return write(Connection.call("PATCH", location.url(), changes));
    }

    /**
     * Changes it by a patch (RFC 6902).
     *
     * @throws DocumentException.NotFound if there is no such document
     */
    public Document<T> patch(JsonPatch patch) {
        return Waiting.on(patchAsync(patch));
    }

    public CompletableFuture<Document<T>> patchAsync(JsonPatch patch) {
        return write(Connection.call("PATCH", location.url())
                .body("application/json-patch+json", BodyPublishers.ofByteArray(DocumentJson.write(patch))));
    }

    /** Deletes it, not its subcollections; whether there was one. */
    public boolean delete() {
        return Waiting.on(deleteAsync());
    }

    public CompletableFuture<Boolean> deleteAsync() {
        Call call = precondition.on(Connection.call("DELETE", location.url()));
        return orMissing(connection.send(call, answer -> true), false);
    }

    Precondition precondition() {
        return precondition;
    }

    Class<T> type() {
        return type;
    }

    private CompletableFuture<Document<T>> write(Call call) {
        return connection.send(precondition.on(call), this::document);
    }

    private Document<T> document(Answer answer) {
        return Document.of(Json.readTree(answer), type, answer.requestId());
    }

    private static <V> CompletableFuture<V> orMissing(CompletableFuture<V> call, V missing) {
        return Linked.handle(call, (value, failure) -> {
            if (failure == null) return value;
            if (failure instanceof DocumentException.NotFound
                    || failure instanceof DocumentException.UnknownCollection) {
                return missing;
            }
            throw Linked.rethrown(failure);
        });
    }
}
