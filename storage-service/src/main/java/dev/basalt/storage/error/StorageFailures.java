package dev.basalt.storage.error;

import dev.basalt.api.ErrorCode;
import dev.basalt.kit.blob.BlobStoreException;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.DatabaseFailure;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgException;

/** What failures of the database and of the blob store mean to a client. */
public final class StorageFailures {
    private StorageFailures() {}

    /**
     * The public failure for a private one.
     *
     * @param duplicate what a violated unique key means here
     * @param reference what a violated foreign key means here
     */
    public static <T> Future<T> fail(Throwable failure, ErrorCode duplicate, ErrorCode reference) {
        return Future.failedFuture(
                switch (failure) {
                    case ApiException known -> known;
                    case BlobStoreException blob -> of(blob);
                    case PgException pg -> of(pg, duplicate, reference);
                    // The client's connection: nobody reads the answer, and nothing of ours is broken.
                    case HttpClosedException gone -> ApiException.caused(StorageError.INVALID_REQUEST, gone);
                    default -> failure;
                });
    }

    /** The same where neither key can be violated. */
    public static <T> Future<T> fail(Throwable failure) {
        return fail(failure, StorageError.KEY_EXISTS, StorageError.NO_SUCH_BUCKET);
    }

    private static ApiException of(PgException failure, ErrorCode duplicate, ErrorCode reference) {
        return switch (String.valueOf(failure.getSqlState())) {
            // PostgreSQL's own words name the table whose policy refused, as clients expect.
            case "42501" -> ApiException.of(StorageError.ACCESS_DENIED, failure.getErrorMessage());
            case "23505" -> ApiException.of(duplicate);
            case "23503" -> ApiException.of(reference);
            // A policy, a trigger or a check of the project's own said no.
            case "P0001", "23514" -> ApiException.of(StorageError.INVALID_REQUEST, failure.getErrorMessage());
            default ->
                DatabaseFailure.asOutage(failure)
                        .orElseGet(() -> ApiException.caused(StorageError.DATABASE_ERROR, failure));
        };
    }

    private static ApiException of(BlobStoreException failure) {
        return switch (failure) {
            case BlobStoreException.NotFound e -> ApiException.of(StorageError.NO_SUCH_KEY);
            case BlobStoreException.TooLarge e -> ApiException.of(StorageError.ENTITY_TOO_LARGE);
            case BlobStoreException.Truncated e -> ApiException.of(StorageError.INVALID_REQUEST);
            case BlobStoreException.RangeInvalid e -> ApiException.of(StorageError.INVALID_RANGE);
            case BlobStoreException.Full e -> ApiException.caused(StorageError.STORE_FULL, e);
            case BlobStoreException.Unavailable e ->
                ApiException.caused(StorageError.STORE_UNAVAILABLE, e).withHeader("Retry-After", "1");
        };
    }

    /** A text member of a body, or a refusal that names it. */
    public static String requiredText(JsonObject body, String member) {
        if (body.getValue(member) instanceof String text && !text.isEmpty()) {
            return text;
        }
        throw ApiException.of(StorageError.INVALID_PARAMETER, "body must have required property '" + member + "'");
    }
}
