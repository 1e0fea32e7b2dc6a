package dev.basalt.auth.user;

import dev.basalt.auth.wire.AuthError;
import dev.basalt.kit.error.ApiException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A user's metadata: one object that the user writes, one that only the project's own server writes. */
public record Metadata(JsonObject user, JsonObject app) {
    /** This with the top-level members of two patches set, and removed where they are null. */
    public Metadata patched(@Nullable JsonObject userPatch, @Nullable JsonObject appPatch) {
        return new Metadata(merge(user, userPatch), merge(app, appPatch));
    }

    /** @throws ApiException {@link AuthError#VALIDATION_FAILED} if it amounts to more bytes of JSON than allowed */
    public void check(long limit) {
        var bytes = user.encode().getBytes(StandardCharsets.UTF_8).length
                + app.encode().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > limit) {
            throw ApiException.of(
                    AuthError.VALIDATION_FAILED, "A user's metadata can't be larger than " + limit + " bytes");
        }
    }

    private static JsonObject merge(JsonObject current, @Nullable JsonObject patch) {
        if (patch == null) {
            return current;
        }
        var merged = current.copy();
        patch.forEach(member -> {
            if (member.getValue() == null) {
                merged.remove(member.getKey());
            } else {
                merged.put(member.getKey(), member.getValue());
            }
        });
        return merged;
    }
}
