package dev.basalt.sdk.storage;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A bucket as the storage service knows it. */
public record Bucket(
        String id,
        String name,
        @JsonProperty("public") boolean isPublic,
        @Nullable Long fileSizeLimit,
        @Nullable List<String> allowedMimeTypes) {}
