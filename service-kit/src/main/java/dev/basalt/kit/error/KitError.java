package dev.basalt.kit.error;

import dev.basalt.api.ErrorCode;

/**
 * The errors that the request chain itself answers, before or after a feature runs. Each dialect renders them in its
 * own words; our own APIs use code and title as they are.
 */
public enum KitError implements ErrorCode {
    NO_API_KEY(401, "no_api_key", "No API key found in request"),
    INVALID_API_KEY(401, "invalid_api_key", "Invalid API key"),
    INVALID_TOKEN(401, "invalid_token", "The token is malformed or its signature does not hold"),
    EXPIRED_TOKEN(401, "expired_token", "The token has expired"),
    FOREIGN_TOKEN(401, "foreign_token", "The token was not issued by this project"),
    TOKEN_REQUIRED(401, "token_required", "A user's token is required"),
    FORBIDDEN(403, "forbidden", "This key may not do this"),
    PROJECT_NOT_FOUND(404, "project_not_found", "No such project"),
    PROJECT_PAUSED(503, "project_paused", "The project is paused"),
    NOT_FOUND(404, "not_found", "No such endpoint"),
    METHOD_NOT_ALLOWED(405, "method_not_allowed", "The endpoint does not take this method"),
    MALFORMED_JSON(400, "malformed_json", "The body is not valid JSON"),
    INVALID_REQUEST(400, "invalid_request", "The request is not valid"),
    UNSUPPORTED_MEDIA_TYPE(415, "unsupported_media_type", "The body's content type is not supported"),
    BODY_TOO_LARGE(413, "body_too_large", "The body is larger than allowed"),
    TOO_MANY_REQUESTS(429, "too_many_requests", "Too many requests"),
    DATABASE_UNAVAILABLE(503, "database_unavailable", "The database can't be reached; try again shortly"),
    DATABASE_BUSY(503, "database_busy", "Every connection of the project is in use; try again shortly"),
    BODIES_TOO_MANY(503, "too_many_bodies", "Too many large requests at once; try again shortly"),
    STATEMENT_TIMEOUT(504, "statement_timeout", "The statement ran longer than allowed and was cancelled"),
    SERVICE_UNAVAILABLE(503, "service_unavailable", "A part this request needs can't be reached; try again shortly"),
    INTERNAL(500, "internal_error", "Something went wrong; the request id finds it in the log");

    private final int status;
    private final String code;
    private final String title;

    KitError(int status, String code, String title) {
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
