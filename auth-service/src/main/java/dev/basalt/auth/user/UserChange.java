package dev.basalt.auth.user;

import dev.basalt.auth.wire.AuthError;
import dev.basalt.auth.wire.JsonFields;
import dev.basalt.kit.error.ApiException;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What users may change of themselves; null leaves it as it is. */
record UserChange(
        @Nullable EmailAddress email,
        @Nullable String password,
        @Nullable JsonObject data) {
    /** Reads the body of {@code PUT /user}. */
    static UserChange of(JsonFields fields) {
        if (fields.object("app_metadata") != null) {
            throw ApiException.of(AuthError.NOT_ADMIN);
        }
        if (!fields.text("phone").isEmpty()) {
            throw ApiException.of(AuthError.PHONE_SIGNUP_DISABLED);
        }
        var email = fields.text("email");
        return new UserChange(
                email.isEmpty() ? null : new EmailAddress(email), fields.string("password"), fields.object("data"));
    }

    @Override
    public String toString() {
        return "UserChange[***]";
    }
}
