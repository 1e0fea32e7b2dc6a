package dev.basalt.sdk.documents;

import com.fasterxml.jackson.databind.JsonNode;
import dev.basalt.sdk.error.TransportException;
import dev.basalt.sdk.http.DocumentJson;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A document as it was at one moment.
 *
 * @param path where it is, for example {@code articles/intro}
 * @param id the last part of the path, as it is
 * @param version grows with every write, and is never used again
 * @param owner the user who made it; {@code null} where no user did
 * @param data what it holds, or what of it was selected
 */
public record Document<T>(
        String path, String id, long version, @Nullable UUID owner, Instant createdAt, Instant updatedAt, T data) {
    /** The user who made it, if one did. */
    public Optional<UUID> madeBy() {
        return Optional.ofNullable(owner);
    }

    static <T> Document<T> of(JsonNode tree, Class<T> type, @Nullable String requestId) {
        T data = DocumentJson.read(tree.path("data"), type, requestId);
        try {
            if (data == null) throw new IllegalArgumentException("it has no data");
            String owner = tree.path("owner").textValue();
            return new Document<>(
                    tree.path("path").asText(),
                    tree.path("id").asText(),
                    tree.path("version").asLong(),
                    owner == null ? null : UUID.fromString(owner),
                    time(tree.path("createdAt")),
                    time(tree.path("updatedAt")),
                    data);
        } catch (IllegalArgumentException | DateTimeException malformed) {
            throw new TransportException(
                    TransportException.Reason.INVALID_ANSWER,
                    "The answer holds no document: " + malformed.getMessage(),
                    requestId,
                    malformed);
        }
    }

    static <T> List<Document<T>> listOf(JsonNode trees, Class<T> type, @Nullable String requestId) {
        if (!trees.isArray()) {
            throw new TransportException(
                    TransportException.Reason.INVALID_ANSWER, "The answer holds no documents", requestId, null);
        }
        var documents = new ArrayList<Document<T>>(trees.size());
        for (JsonNode tree : trees) documents.add(of(tree, type, requestId));
        return List.copyOf(documents);
    }

    private static Instant time(JsonNode text) {
        return OffsetDateTime.parse(text.asText()).toInstant();
    }
}
