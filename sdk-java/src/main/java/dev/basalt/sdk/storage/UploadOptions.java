package dev.basalt.sdk.storage;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an object is stored.
 *
 * @param contentType what downloads are declared as
 * @param replace whether an object of that name may be there already
 * @param cacheFor how long caches may keep it; {@code null} for the server's default
 */
public record UploadOptions(
        String contentType, boolean replace, @Nullable Duration cacheFor) {
    public static UploadOptions of(String contentType) {
        return new UploadOptions(contentType, false, null);
    }

    public UploadOptions replacing() {
        return new UploadOptions(contentType, true, cacheFor);
    }

    public UploadOptions cachedFor(Duration time) {
        return new UploadOptions(contentType, replace, time);
    }
}
