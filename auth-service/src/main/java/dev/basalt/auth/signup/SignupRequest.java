package dev.basalt.auth.signup;

import dev.basalt.auth.wire.AuthError;
import dev.basalt.auth.wire.JsonFields;
import dev.basalt.kit.error.ApiException;
import io.vertx.core.json.JsonObject;

/**
 * Who wants to sign up.
 *
 * @param email empty for an anonymous user
 * @param data what the user says of itself
 */
record SignupRequest(String email, String password, JsonObject data) {
    /** Reads the body of {@code POST /signup}. */
    static SignupRequest of(JsonFields fields) {
        var email = fields.text("email");
        if (!fields.text("phone").isEmpty()) {
            if (!email.isEmpty()) {
                throw ApiException.of(
                        AuthError.VALIDATION_FAILED,
                        "Only an email address or phone number should be provided on signup.");
            }
            throw ApiException.of(AuthError.PHONE_SIGNUP_DISABLED);
        }
        var data = fields.object("data");
        return new SignupRequest(email, fields.text("password"), data == null ? new JsonObject() : data);
    }

    boolean isAnonymous() {
        return email.isEmpty();
    }

    @Override
    public String toString() {
        return "SignupRequest[***]";
    }
}
