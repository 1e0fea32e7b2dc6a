package dev.basalt.sdk.storage;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * An object that has been stored.
 *
 * @param id its row in {@code storage.objects}
 * @param key bucket and path
 */
public record UploadedObject(
        @JsonProperty("Id") @Nullable String id,
        @JsonProperty("Key") String key) {}
