package dev.basalt.storage.error;

import dev.basalt.api.ErrorCode;

/**
 * The errors of the storage API, as its existing clients know them.
 *
 * <p>Most travel as HTTP 400 with their own status as {@code statusCode} in the body; {@link #httpStatus()} has the
 * exceptions.
 */
public enum StorageError implements ErrorCode {
    NO_SUCH_BUCKET(404, "NoSuchBucket", "Bucket not found", "Bucket not found"),
    NO_SUCH_KEY(404, "NoSuchKey", "not_found", "Object not found"),
    BUCKET_EXISTS(409, "BucketAlreadyExists", "Duplicate", "The resource already exists"),
    KEY_EXISTS(409, "KeyAlreadyExists", "Duplicate", "The resource already exists"),
    BUCKET_NOT_EMPTY(409, "ResourceNotEmpty", "InvalidRequest", "The bucket you tried to delete is not empty"),
    ACCESS_DENIED(403, "AccessDenied", "Unauthorized", "Access denied"),
    INVALID_BUCKET_NAME(400, "InvalidBucketName", "Invalid Input", "Bucket name invalid"),
    INVALID_KEY(400, "InvalidKey", "InvalidKey", "Invalid key"),
    INVALID_PARAMETER(400, "InvalidParameter", "InvalidParameter", "Invalid parameter"),
    INVALID_REQUEST(400, "InvalidRequest", "InvalidRequest", "Invalid request"),
    INVALID_MIME_TYPE(415, "InvalidMimeType", "invalid_mime_type", "mime type is not supported"),
    INVALID_RANGE(416, "InvalidRange", "invalid_range", "invalid range provided"),
    ENTITY_TOO_LARGE(413, "EntityTooLarge", "Payload too large", "The object exceeded the maximum allowed size"),
    INVALID_TOKEN(400, "InvalidJWT", "InvalidJWT", "The token is not valid"),
    EXPIRED_TOKEN(400, "InvalidJWT", "InvalidJWT", "\"exp\" claim timestamp check failed"),
    INVALID_SIGNATURE(400, "InvalidSignature", "InvalidSignature", "The url do not match the signature"),
    DATABASE_ERROR(500, "DatabaseError", "DatabaseError", "The database refused the request"),
    STORE_UNAVAILABLE(503, "SlowDown", "SlowDown", "The object store can't be reached; try again shortly"),
    STORE_FULL(507, "InsufficientStorage", "InsufficientStorage", "The object store has no room left");

    private final int status;
    private final String code;
    private final String label;
    private final String title;

    StorageError(int status, String code, String label, String title) {
        this.status = status;
        this.code = code;
        this.label = label;
        this.title = title;
    }

    /** The status in the body. */
    @Override
    public int status() {
        return status;
    }

    @Override
    public String code() {
        return code;
    }

    /** The member {@code error}, older than the code. */
    public String label() {
        return label;
    }

    @Override
    public String title() {
        return title;
    }

    /** The status of the response: 400 but where proxies and plain HTTP clients need to know better. */
    public int httpStatus() {
        return httpStatus(status);
    }

    /** The same of an error that is not listed here. */
    static int httpStatus(int status) {
        return status == 413 || status == 416 || status >= 500 ? status : 400;
    }
}
