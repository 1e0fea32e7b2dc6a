package dev.basalt.auth.wire;

import dev.basalt.api.ErrorCode;

/**
 * The errors of the authentication API: codes and texts of GoTrue, which clients compare. A code stands more than once
 * where GoTrue answers it with another status or text by occasion.
 */
public enum AuthError implements ErrorCode {
    VALIDATION_FAILED(400, "validation_failed", "The request is not valid"),
    BAD_JSON(400, "bad_json", "Could not parse request body as JSON"),
    INVALID_CREDENTIALS(400, "invalid_credentials", "Invalid login credentials"),
    UNSUPPORTED_GRANT_TYPE(400, "invalid_credentials", "unsupported_grant_type"),
    EMAIL_NOT_CONFIRMED(400, "email_not_confirmed", "Email not confirmed"),
    USER_BANNED(400, "user_banned", "User is banned"),
    USER_BANNED_ON_REFRESH(400, "user_banned", "Invalid Refresh Token: User Banned"),
    USER_BANNED_IN_SESSION(403, "user_banned", "User is banned"),
    REFRESH_TOKEN_NOT_FOUND(400, "refresh_token_not_found", "Invalid Refresh Token: Refresh Token Not Found"),
    REFRESH_TOKEN_ALREADY_USED(400, "refresh_token_already_used", "Invalid Refresh Token: Already Used"),
    SESSION_EXPIRED(400, "session_expired", "Invalid Refresh Token: Session Expired"),
    SESSION_NOT_FOUND(403, "session_not_found", "Session from session_id claim in JWT does not exist"),
    USER_OF_TOKEN_NOT_FOUND(403, "user_not_found", "User from sub claim in JWT does not exist"),
    USER_NOT_FOUND(404, "user_not_found", "User not found"),
    USER_ALREADY_EXISTS(422, "user_already_exists", "User already registered"),
    EMAIL_EXISTS(422, "email_exists", "A user with this email address has already been registered"),
    WEAK_PASSWORD(422, "weak_password", "Password is too weak"),
    SAME_PASSWORD(422, "same_password", "New password should be different from the old password."),
    SIGNUP_DISABLED(422, "signup_disabled", "Signups not allowed for this instance"),
    ANONYMOUS_DISABLED(422, "anonymous_provider_disabled", "Anonymous sign-ins are disabled"),
    PHONE_SIGNUP_DISABLED(400, "phone_provider_disabled", "Phone signups are disabled"),
    PHONE_LOGIN_DISABLED(400, "phone_provider_disabled", "Phone logins are disabled"),
    CONFLICT(409, "conflict", "The user was changed by another request; try again"),
    NOT_ADMIN(403, "not_admin", "Updating app_metadata requires admin privileges"),
    OVER_REQUEST_RATE_LIMIT(429, "over_request_rate_limit", "Request rate limit reached"),
    SAVING_USER_FAILED(500, "unexpected_failure", "Database error saving new user"),
    UPDATING_USER_FAILED(500, "unexpected_failure", "Database error updating user");

    private final int status;
    private final String code;
    private final String title;

    AuthError(int status, String code, String title) {
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
