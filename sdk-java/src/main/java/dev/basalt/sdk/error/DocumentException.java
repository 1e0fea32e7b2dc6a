package dev.basalt.sdk.error;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The documents API refused. What programs tell apart has a type of its own below; all else, refusals of before hooks included,
 * is this class itself. SQL that fails within a commit is a {@link DataException}.
 */
public sealed class DocumentException extends BasaltException {
    DocumentException(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }

    /** The exception of a failure, by its code and, for codes that say nothing, its status. */
    public static DocumentException of(Failure failure, @Nullable Throwable cause) {
        return switch (failure.code()) {
            case "document_not_found" -> new NotFound(failure, cause);
            case "unknown_collection" -> new UnknownCollection(failure, cause);
            case "document_exists" -> new AlreadyExists(failure, cause);
            case "precondition_failed" -> new PreconditionFailed(failure, cause);
            case "write_conflict" -> new WriteConflict(failure, cause);
            case "document_forbidden", "forbidden" -> new Forbidden(failure, cause);
            case "schema_violation" -> new InvalidDocument.SchemaViolation(failure, cause);
            case "duplicate_value" -> new InvalidDocument.DuplicateValue(failure, cause);
            case "invalid_document", "document_too_large", "constraint_violation" ->
                new InvalidDocument(failure, cause);
            case "invalid_patch" -> new InvalidPatch(failure, cause);
            case "invalid_query",
                    "invalid_cursor",
                    "invalid_path",
                    "invalid_precondition",
                    "invalid_documents_request",
                    "malformed_json",
                    "too_many_writes" -> new InvalidRequest(failure, cause);
            case "too_many_live_queries" -> new TooManyLiveQueries(failure, cause);
            default ->
                switch (failure.status()) {
                    case 401 -> new InvalidToken(failure, cause);
                    case 503 -> new Unavailable(failure, cause);
                    default -> new DocumentException(failure, cause);
                };
        };
    }

    /** Whether the same call may well succeed when it is made again. */
    public boolean isRetryable() {
        return false;
    }

    /** Which write of a commit was refused, from 0. */
    public OptionalInt write() {
        return failure().index("write");
    }

    /** The document that a write of a commit is about. */
    public Optional<String> path() {
        return failure().text("path");
    }

    /** Where in the JSON that was sent the error is (RFC 6901). */
    public Optional<String> pointer() {
        return failure().text("pointer");
    }

    /** The SQLSTATE, where PostgreSQL refused. */
    public Optional<String> sqlState() {
        return failure().text("sqlstate");
    }

    @Override
    public DocumentException seenFromHere() {
        return of(failure(), this);
    }

    /** No such document, or none that the caller may see. */
    public static final class NotFound extends DocumentException {
        NotFound(Failure failure, @Nullable Throwable cause) {
            super(failure, cause);
        }
    }

    /** No such collection; the first write with the secret key makes it. */
    public static final class UnknownCollection extends DocumentException {
        UnknownCollection(Failure failure, @Nullable Throwable cause) {
            super(failure, cause);
        }
    }

    /** A document to be created is there already. */
    public static final class AlreadyExists extends DocumentException {
        AlreadyExists(Failure failure, @Nullable Throwable cause) {
            super(failure, cause);
        }
    }

    /** The document is not of the version, or not there, or there, as the write required. Nothing was written. */
    public static final class PreconditionFailed extends DocumentException {
        PreconditionFailed(Failure failure, @Nullable Throwable cause) {
            super(failure, cause);
        }
    }

    /** Another write got in the way. Nothing was written; the same call made again may well succeed. */
    public static final class WriteConflict extends DocumentException {
        WriteConflict(Failure failure, @Nullable Throwable cause) {
            super(failure, cause);
        }

        @Override
        public boolean isRetryable() {
            return true;
        }
    }

    /** The collection's policies, or the key, do not allow it. */
    public static final class Forbidden extends DocumentException {
        Forbidden(Failure failure, @Nullable Throwable cause) {
            super(failure, cause);
        }
    }

    /** A document holds what no document, or none of its collection, may. */
    public static sealed class InvalidDocument extends DocumentException {
        InvalidDocument(Failure failure, @Nullable Throwable cause) {
            super(failure, cause);
        }

        /** A document does not match its collection's JSON Schema. */
        public static final class SchemaViolation extends InvalidDocument {
            SchemaViolation(Failure failure, @Nullable Throwable cause) {
                super(failure, cause);
            }

            /**
             * One way in which it does not.
             *
             * @param pointer to the place in the document
             * @param keyword of the schema
             */
            public record Violation(String pointer, String keyword, String message) {}

            /** The ways in which it does not match, or the first of many. */
            public List<Violation> violations() {
                return failure().members().get("violations") instanceof List<?> told
                        ? told.stream()
                                .filter(Map.class::isInstance)
                                .map(one -> violation((Map<?, ?>) one))
                                .toList()
                        : List.of();
            }

            private static Violation violation(Map<?, ?> told) {
                return new Violation(text(told, "pointer"), text(told, "keyword"), text(told, "message"));
            }

            private static String text(Map<?, ?> told, String name) {
                return told.get(name) instanceof String text ? text : "";
            }
        }

        /** A unique index of the collection holds the value already. */
        public static final class DuplicateValue extends InvalidDocument {
            DuplicateValue(Failure failure, @Nullable Throwable cause) {
                super(failure, cause);
            }
        }
    }

    /** A JSON patch (RFC 6902) that is none, or can't be applied to this document. */
    public static final class InvalidPatch extends DocumentException {
        InvalidPatch(Failure failure, @Nullable Throwable cause) {
            super(failure, cause);
        }
    }

    /** A path, query, cursor or commit that the API has no meaning for. */
    public static final class InvalidRequest extends DocumentException {
        InvalidRequest(Failure failure, @Nullable Throwable cause) {
            super(failure, cause);
        }
    }

    /** The bearer is no token of this project, has expired, or is missing where one is needed. */
    public static final class InvalidToken extends DocumentException {
        InvalidToken(Failure failure, @Nullable Throwable cause) {
            super(failure, cause);
        }
    }

    /** The project has as many live queries as it may have. */
    public static final class TooManyLiveQueries extends DocumentException {
        TooManyLiveQueries(Failure failure, @Nullable Throwable cause) {
            super(failure, cause);
        }

        @Override
        public boolean isRetryable() {
            return true;
        }
    }

    /** The database is away, starting or busy. It heals by itself; {@link #retryAfter} says when to come back. */
    public static final class Unavailable extends DocumentException {
        Unavailable(Failure failure, @Nullable Throwable cause) {
            super(failure, cause);
        }

        @Override
        public boolean isRetryable() {
            return true;
        }
    }
}
