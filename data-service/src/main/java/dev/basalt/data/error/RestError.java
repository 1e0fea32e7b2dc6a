package dev.basalt.data.error;

import dev.basalt.api.ErrorCode;

/**
 * Every error code of the REST dialect that does not come from PostgreSQL itself, with its status and its fixed message.
 *
 * <p>The list is public API: programs compare {@link #code()}. The spellings and statuses are PostgREST's.
 */
public enum RestError implements ErrorCode {
    CONNECTION_FAILED(503, "PGRST000", "Database connection error. Retrying the connection."),
    CLIENT_FAILED(503, "PGRST001", "Database client error. Retrying the connection."),
    SCHEMA_NOT_LOADED(503, "PGRST002", "Could not query the database for the schema cache. Retrying."),
    POOL_EXHAUSTED(503, "PGRST003", "Timed out acquiring connection from connection pool."),
    INVALID_QUERY(400, "PGRST100", "Could not parse the query string"),
    INVALID_CALL_METHOD(405, "PGRST101", "Functions are called by GET, HEAD and POST"),
    INVALID_BODY(400, "PGRST102", "Empty or invalid json"),
    INVALID_RANGE(416, "PGRST103", "Requested range not satisfiable"),
    INVALID_PUT(405, "PGRST105", "Filters must include all and only primary key columns with 'eq' operators"),
    UNKNOWN_SCHEMA(406, "PGRST106", "Invalid schema"),
    UNACCEPTABLE_MEDIA_TYPE(406, "PGRST107", "None of these media types are available"),
    UNSUPPORTED_CONTENT_TYPE(415, "PGRST102", "Content-Type not acceptable"),
    NOT_EMBEDDED(400, "PGRST108", "Not an embedded resource in this request"),
    LIMIT_WITHOUT_ORDER(400, "PGRST109", "A 'limit' was applied without an explicit 'order'"),
    INVALID_RESPONSE_HEADERS(
            500,
            "PGRST111",
            "response.headers guc must be a JSON array composed of objects with a single key and a string value"),
    INVALID_RESPONSE_STATUS(500, "PGRST112", "response.status guc must be a valid status code"),
    PUT_WITH_PAGE(400, "PGRST114", "limit/offset querystring parameters are not allowed for PUT"),
    PUT_OF_ANOTHER_ROW(400, "PGRST115", "Payload values do not match URL in primary key column(s)"),
    NOT_SINGULAR(406, "PGRST116", "Cannot coerce the result to a single JSON object"),
    UNSUPPORTED_METHOD(405, "PGRST117", "Unsupported HTTP method"),
    RELATED_ORDER_IMPOSSIBLE(400, "PGRST118", "A related order is not possible"),
    BAD_EMBEDDED_OPERATOR(400, "PGRST120", "Bad operator on the embedded resource"),
    INVALID_RAISE(500, "PGRST121", "Could not parse JSON in the \"RAISE SQLSTATE 'PGRST'\" error"),
    INVALID_PREFERENCES(400, "PGRST122", "Invalid preferences given with handling=strict"),
    AGGREGATES_DISABLED(400, "PGRST123", "Use of aggregate functions is not allowed"),
    TOO_MANY_AFFECTED(400, "PGRST124", "Query result exceeds max-affected preference constraint"),
    INVALID_PATH(404, "PGRST125", "Invalid path specified in request URL"),
    ROOT_DISABLED(404, "PGRST126", "Root endpoint metadata is disabled"),
    NOT_IMPLEMENTED(400, "PGRST127", "Feature not implemented"),
    UNKNOWN_RELATIONSHIP(400, "PGRST200", "Could not find a relationship in the schema cache"),
    AMBIGUOUS_RELATIONSHIP(300, "PGRST201", "Could not embed because more than one relationship was found"),
    NOT_A_SET(
            400,
            "PGRST128",
            "Function must return SETOF or TABLE when max-affected preference is used with handling=strict"),
    UNKNOWN_FUNCTION(404, "PGRST202", "Could not find the function in the schema cache"),
    AMBIGUOUS_FUNCTION(300, "PGRST203", "Could not choose the best candidate function"),
    UNKNOWN_COLUMN(400, "PGRST204", "Could not find the column in the schema cache"),
    UNKNOWN_TABLE(404, "PGRST205", "Could not find the table in the schema cache"),
    NO_TOKEN_KEY(500, "PGRST300", "Server lacks JWT secret"),
    INVALID_TOKEN(401, "PGRST301", "JWT could not be verified"),
    TOKEN_REQUIRED(401, "PGRST302", "Anonymous access is disabled"),
    INVALID_CLAIMS(401, "PGRST303", "JWT claims could not be accepted"),
    /** PostgreSQL's own {@code undefined_column}, found by the planner before PostgreSQL had to. */
    UNDEFINED_COLUMN(400, "42703", "column does not exist"),
    INTERNAL(500, "PGRSTX00", "Internal error");

    private final int status;
    private final String code;
    private final String title;

    RestError(int status, String code, String title) {
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
