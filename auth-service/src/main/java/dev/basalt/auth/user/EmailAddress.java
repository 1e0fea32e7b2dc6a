package dev.basalt.auth.user;

import dev.basalt.auth.wire.AuthError;
import dev.basalt.kit.error.ApiException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An email address as it is stored and looked up: in lower case, of the form that HTML (section 4.8.5) takes for
 * {@code input type=email}, which is ASCII alone.
 */
public record EmailAddress(String value) {
    private static final int MAX_LENGTH = 255;
    private static final Pattern FORMAT = Pattern.compile("[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@"
            + "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*");

    /** @throws ApiException {@link AuthError#VALIDATION_FAILED} */
    public EmailAddress {
        value = value.toLowerCase(Locale.ROOT);
        if (value.length() > MAX_LENGTH) {
            throw ApiException.of(AuthError.VALIDATION_FAILED, "An email address is too long");
        }
        if (!FORMAT.matcher(value).matches()) {
            throw ApiException.of(AuthError.VALIDATION_FAILED, "Unable to validate email address: invalid format");
        }
    }
}
