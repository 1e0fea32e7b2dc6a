package dev.basalt.control.function;

import dev.basalt.kit.function.FunctionManifest;
import io.vertx.core.json.JsonObject;
import java.time.OffsetDateTime;

/** A function with the version that answers. */
record FunctionView(
        String name,
        int version,
        FunctionManifest manifest,
        String digest,
        String blob,
        long sizeBytes,
        OffsetDateTime createdAt,
        OffsetDateTime updatedAt) {
    JsonObject toJson() {
        return new JsonObject()
                .put("name", name)
                .put("version", version)
                .put("digest", digest)
                .put("sizeBytes", sizeBytes)
                .put("createdAt", createdAt.toInstant().toString())
                .put("updatedAt", updatedAt.toInstant().toString())
                .put("path", "/functions/v1/" + name)
                .put("manifest", manifest.toJson());
    }
}
