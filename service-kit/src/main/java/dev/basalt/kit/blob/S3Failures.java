package dev.basalt.kit.blob;

import io.minio.errors.ErrorResponseException;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What the MinIO client's failures mean. */
final class S3Failures {
    private S3Failures() {}

    static BlobStoreException known(Throwable failure, BlobKey key) {
        Throwable cause = unwrap(failure);
        return switch (cause) {
            case BlobStoreException e -> e;
            case ErrorResponseException e when e.response().code() == 507 -> new BlobStoreException.Full(e);
            case ErrorResponseException e ->
                switch (String.valueOf(e.errorResponse().code())) {
                    case "NoSuchKey", "NoSuchBucket", "NoSuchObject" -> new BlobStoreException.NotFound(key);
                    case "InvalidRange" -> new BlobStoreException.RangeInvalid(key, 0, 0);
                    case "XMinioStorageFull", "QuotaExceeded", "XMinioAdminBucketQuotaExceeded" ->
                        new BlobStoreException.Full(e);
                    default -> new BlobStoreException.Unavailable("the S3 refused a request", e);
                };
            default -> new BlobStoreException.Unavailable("the S3 cannot be reached", cause);
        };
    }

    /** Whether the same request may succeed a moment later. */
    static boolean passing(Throwable failure) {
        Throwable cause = unwrap(failure);
        if (cause instanceof ErrorResponseException e) {
            int status = e.response().code();
            return status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
        }
        return hasIoCause(cause);
    }

    private static boolean hasIoCause(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException) {
                return true;
            }
        }
        return false;
    }

    private static Throwable unwrap(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
