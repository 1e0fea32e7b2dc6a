package dev.basalt.data.documents;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.DatabaseFailure;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import java.util.Objects;

/** PostgreSQL's errors as the documents API tells them, with their {@code sqlstate}. Stateless. */
public final class DocumentFailure {
    private DocumentFailure() {}

    /** Recovers with the failure in the API's words. */
    public static <T> Future<T> worded(Throwable failure) {
        return Future.failedFuture(of(failure));
    }

    /** A statement's failure; anything else stays what it is. */
    public static Throwable of(Throwable failure) {
        if (!(failure instanceof PgException pg)
                || DatabaseFailure.asOutage(failure).isPresent()) {
            return failure;
        }
        var state = Objects.requireNonNullElse(pg.getSqlState(), "XX000");
        return switch (state) {
            // Row-level security's message names the table alone, which the client knows.
            case "42501" -> ApiException.of(DocumentError.FORBIDDEN).with("sqlstate", state);
            case "42P01", "42703" -> ApiException.of(DocumentError.UNKNOWN_COLLECTION);
            case "40001", "40P01" -> conflict(state);
            case "23505" -> isTakenId(pg) ? conflict(state) : refused(DocumentError.DUPLICATE, pg, state);
            case "54000" -> ApiException.of(DocumentError.DOCUMENT_TOO_LARGE).with("sqlstate", state);
            default ->
                switch (state.substring(0, 2)) {
                    case "22" -> refused(DocumentError.INVALID_DOCUMENT, pg, state);
                    case "23", "P0" -> refused(DocumentError.CONSTRAINT_VIOLATION, pg, state);
                    default -> failure;
                };
        };
    }

    /** Whether the same statement may pass when it runs again: another write came in between. */
    public static boolean isConflict(Throwable failure) {
        return isTakenId(failure)
                || (failure instanceof PgException pg
                        && ("40001".equals(pg.getSqlState()) || "40P01".equals(pg.getSqlState())));
    }

    /** Whether the caller may not do what the statement asked for. */
    public static boolean isDenied(Throwable failure) {
        return failure instanceof PgException pg && "42501".equals(pg.getSqlState());
    }

    /** Whether there is a document with the id already; of the keys of a collection, its own alone has a colon in its name. */
    public static boolean isTakenId(Throwable failure) {
        return failure instanceof PgException pg
                && "23505".equals(pg.getSqlState())
                && pg.getConstraint() != null
                && pg.getConstraint().indexOf(':') >= 0;
    }

    private static ApiException conflict(String state) {
        return ApiException.of(DocumentError.CONFLICT).with("sqlstate", state).withHeader("Retry-After", "1");
    }

    private static ApiException refused(DocumentError error, PgException failure, String state) {
        return ApiException.of(error, Objects.requireNonNullElse(failure.getErrorMessage(), error.title()))
                .with("sqlstate", state);
    }
}
