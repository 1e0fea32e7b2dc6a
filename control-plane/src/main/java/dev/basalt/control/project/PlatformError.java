package dev.basalt.control.project;

import dev.basalt.api.ErrorCode;

/** Errors of the platform API beyond those of the request chain. */
public enum PlatformError implements ErrorCode {
    INVALID_FIELD(422, "invalid_field", "A field of the request is missing or not valid"),
    WRONG_STATUS(409, "wrong_status", "The project's status does not allow this"),
    PROTECTED_PROJECT(409, "protected_project", "The project default can't be deleted"),
    TOO_MANY_FOLLOWERS(429, "too_many_followers", "Too many clients follow functions already"),
    KEY_NOT_FOUND(404, "key_not_found", "No such key"),
    LAST_SECRET_KEY(409, "last_secret_key", "A project keeps at least one secret key");

    private final int status;
    private final String code;
    private final String title;

    PlatformError(int status, String code, String title) {
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
