package dev.basalt.sdk.documents;

import com.fasterxml.jackson.databind.JsonNode;
import dev.basalt.sdk.http.Answer;
import dev.basalt.sdk.http.Json;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Documents that were read together, all as of one moment. Immutable. */
public final class Found {
    private final Map<String, JsonNode> documents;
    private final @Nullable String requestId;

    private Found(Answer answer) {
        var byPath = new HashMap<String, JsonNode>();
        Json.readTree(answer)
                .path("documents")
                .forEach(document -> byPath.put(document.path("path").asText(), document));
        this.documents = byPath;
        this.requestId = answer.requestId();
    }

    static CompletableFuture<Found> get(Connection connection, Collection<? extends DocumentReference<?>> wanted) {
        var paths = wanted.stream().map(DocumentReference::path).toList();
        return connection.send(
                Connection.call("POST", "/documents/v1:batchGet", Map.of("paths", paths))
                        .asRepeatable(),
                Found::new);
    }

    /** One of them; nothing where there is none, or none that the caller may see. */
    public <T> Optional<Document<T>> get(DocumentReference<T> wanted) {
        return Optional.ofNullable(documents.get(wanted.path()))
                .map(document -> Document.of(document, wanted.type(), requestId));
    }
}
