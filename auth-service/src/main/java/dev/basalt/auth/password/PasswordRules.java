package dev.basalt.auth.password;

import dev.basalt.auth.settings.AuthSettings;
import dev.basalt.auth.wire.AuthError;
import dev.basalt.kit.error.ApiException;
import java.util.List;
import java.util.Map;

/** What a new password must be like. Lengths are counted in characters (code points). */
public final class PasswordRules {
    /** The most characters of a password: hashing costs the same for any length, reading does not. */
    public static final int MAX_LENGTH = 256;

    private PasswordRules() {}

    /**
     * Checks a new password.
     *
     * @throws ApiException {@link AuthError#VALIDATION_FAILED} if it is too long, else {@link AuthError#WEAK_PASSWORD} with
     *     the reasons
     */
    public static void check(String password, AuthSettings settings) {
        var length = password.codePointCount(0, password.length());
        if (length > MAX_LENGTH) {
            throw ApiException.of(
                    AuthError.VALIDATION_FAILED, "Password cannot be longer than " + MAX_LENGTH + " characters");
        }
        if (length < settings.passwordMinLength()) {
            throw ApiException.of(
                            AuthError.WEAK_PASSWORD,
                            "Password should be at least " + settings.passwordMinLength() + " characters.")
                    .with("weak_password", Map.of("reasons", List.of("length")));
        }
    }
}
