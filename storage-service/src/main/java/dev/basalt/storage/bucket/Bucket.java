package dev.basalt.storage.bucket;

import dev.basalt.kit.error.ApiException;
import dev.basalt.storage.error.StorageError;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an upload or a public download has to know of a bucket.
 *
 * @param fileSizeLimit in bytes, or null for the service's own limit
 * @param allowedMimeTypes types such as {@code image/png} or {@code image/*}; empty allows all
 */
public record Bucket(String id, boolean isPublic, @Nullable Long fileSizeLimit, List<String> allowedMimeTypes) {
    private static final Pattern NAME = Pattern.compile("[\\w!.*'() &$@=;:+,?-]{1,63}");

    public Bucket {
        allowedMimeTypes = List.copyOf(allowedMimeTypes);
    }

    static Bucket of(Row row) {
        String[] types = row.getArrayOfStrings("allowed_mime_types");
        return new Bucket(
                row.getString("id"),
                row.getBoolean("public"),
                row.getLong("file_size_limit"),
                types == null ? List.of() : List.of(types));
    }

    /** Refuses what can't be a bucket's name with {@link StorageError#INVALID_BUCKET_NAME}. */
    public static String checkName(String name) {
        if (!NAME.matcher(name).matches() || name.isBlank() || name.equals(".") || name.equals("..")) {
            throw ApiException.of(StorageError.INVALID_BUCKET_NAME);
        }
        return name;
    }

    /** The most bytes an object of it may have. */
    public long sizeLimit(long serviceLimit) {
        return fileSizeLimit == null ? serviceLimit : Math.min(fileSizeLimit, serviceLimit);
    }

    /** Refuses a content type that the bucket does not take with {@link StorageError#INVALID_MIME_TYPE}. */
    public void checkType(String contentType) {
        if (allowedMimeTypes.isEmpty()) {
            return;
        }
        int semicolon = contentType.indexOf(';');
        String type = (semicolon < 0 ? contentType : contentType.substring(0, semicolon)).strip();
        for (String allowed : allowedMimeTypes) {
            boolean wildcard = allowed.endsWith("/*");
            if (allowed.equals("*/*")
                    || allowed.equalsIgnoreCase(type)
                    || (wildcard && type.regionMatches(true, 0, allowed, 0, allowed.length() - 1))) {
                return;
            }
        }
        throw ApiException.of(StorageError.INVALID_MIME_TYPE, "mime type " + type + " is not supported");
    }
}
