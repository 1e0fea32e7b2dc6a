package dev.basalt.storage.object;

import dev.basalt.kit.blob.BlobKey;
import dev.basalt.kit.error.ApiException;
import dev.basalt.storage.error.StorageError;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One row of {@code storage.objects}.
 *
 * @param version the key of its blob, as text
 * @param metadata {@code eTag, size, mimetype, cacheControl, lastModified}
 */
public record StoredObject(
        UUID id,
        String bucket,
        String name,
        String version,
        JsonObject metadata,
        @Nullable JsonObject userMetadata,
        Instant createdAt,
        Instant updatedAt) {
    /** The columns that {@link #of} reads. */
    static final String COLUMNS = "id, bucket_id, name, version, metadata, user_metadata, created_at, updated_at";

    static StoredObject of(Row row) {
        JsonObject metadata = row.getJsonObject("metadata");
        return new StoredObject(
                row.getUUID("id"),
                row.getString("bucket_id"),
                row.getString("name"),
                row.getString("version"),
                metadata == null ? new JsonObject() : metadata,
                row.getJsonObject("user_metadata"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("updated_at").toInstant());
    }

    /** The blob that holds its content. */
    public BlobKey blob() {
        return BlobKey.parse(version).orElseThrow(() -> ApiException.of(StorageError.NO_SUCH_KEY));
    }

    /** Its length in bytes. */
    public long size() {
        return metadata.getLong("size", 0L);
    }

    public String contentType() {
        return metadata.getString("mimetype", "application/octet-stream");
    }

    public String cacheControl() {
        return metadata.getString("cacheControl", "no-cache");
    }

    /** With its quotes. */
    public String etag() {
        return metadata.getString("eTag", "\"\"");
    }
}
