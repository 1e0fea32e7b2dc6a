package dev.basalt.sdk.storage;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a bucket is made.
 *
 * @param isPublic whether anybody with the URL may read its objects
 * @param fileSizeLimit the largest object in bytes; {@code null} for the project's limit
 * @param allowedMimeTypes for example {@code image/*}; {@code null} for all
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BucketOptions(
        @JsonProperty("public") boolean isPublic,
        @Nullable Long fileSizeLimit,
        @Nullable List<String> allowedMimeTypes) {
    /** Read by those whom the policies of {@code storage.objects} let. */
    public static BucketOptions ofPrivate() {
        return new BucketOptions(false, null, null);
    }

    /** Read by anybody with the URL. */
    public static BucketOptions ofPublic() {
        return new BucketOptions(true, null, null);
    }
}
