package dev.basalt.data.documents;

import dev.basalt.api.ErrorCode;

/** The errors of the documents API. The list is public API: programs compare {@link #code()}. */
public enum DocumentError implements ErrorCode {
    INVALID_PATH(422, "invalid_path", "The path names no document or collection"),
    INVALID_DOCUMENT(422, "invalid_document", "The document holds what no document may"),
    SCHEMA_VIOLATION(422, "schema_violation", "The document does not match its collection's schema"),
    DOCUMENT_TOO_LARGE(413, "document_too_large", "A document may have at most 1048576 bytes"),
    INVALID_PATCH(422, "invalid_patch", "The patch can't be applied"),
    INVALID_REQUEST(422, "invalid_documents_request", "A field of the request is missing or not valid"),
    INVALID_QUERY(400, "invalid_query", "The query string does not follow the grammar"),
    INVALID_CURSOR(400, "invalid_cursor", "The cursor belongs to another query or project"),
    INVALID_PRECONDITION(400, "invalid_precondition", "The precondition is no list of entity tags"),
    UNKNOWN_COLLECTION(404, "unknown_collection", "No such collection"),
    DOCUMENT_NOT_FOUND(404, "document_not_found", "No such document"),
    FORBIDDEN(403, "document_forbidden", "The collection's rules do not allow this"),
    ALREADY_EXISTS(409, "document_exists", "A document with this id exists"),
    DUPLICATE(409, "duplicate_value", "A unique index of the collection holds this value already"),
    NOT_EMPTY(409, "collection_not_empty", "The collection holds documents; force=true deletes them with it"),
    CONFLICT(409, "write_conflict", "The write was in the way of another; try again"),
    PRECONDITION_FAILED(412, "precondition_failed", "The document is not in the state that the request requires"),
    CONSTRAINT_VIOLATION(422, "constraint_violation", "A constraint or trigger of the collection refused the document"),
    TOO_MANY_WRITES(422, "too_many_writes", "A commit has more writes than allowed"),
    TOO_MANY_LISTENERS(429, "too_many_live_queries", "The project has as many live queries as it may have");

    private final int status;
    private final String code;
    private final String title;

    DocumentError(int status, String code, String title) {
        this.status = status;
        this.code = code;
        this.title = title;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String code() {
        return code;
    }

    @Override
    public String title() {
        return title;
    }
}
