package dev.basalt.control.project;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A project as the platform API shows it.
 *
 * @param status {@code active}, {@code paused} or {@code deleting}
 * @param deletedAt since when it is being deleted; its data is gone when the grace time has passed
 */
public record ProjectView(
        UUID id,
        String ref,
        String name,
        String status,
        Instant createdAt,
        @Nullable Instant deletedAt) {
    static ProjectView of(ProjectEntity entity) {
        return new ProjectView(entity.id, entity.ref, entity.name, entity.status, entity.createdAt, entity.deletedAt);
    }

    /** The wire form. */
    public JsonObject toJson() {
        return new JsonObject()
                .put("id", id.toString())
                .put("ref", ref)
                .put("name", name)
                .put("status", status)
                .put("createdAt", createdAt)
                .put("deletedAt", deletedAt);
    }
}
