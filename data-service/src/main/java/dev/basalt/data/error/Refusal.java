package dev.basalt.data.error;

import dev.basalt.kit.error.ApiException;
import org.jspecify.annotations.Nullable;

/** Makes the failures of the REST dialect: {@code {code, message, details, hint}}. */
public final class Refusal {
    /** The member that says what went wrong in this request. */
    public static final String DETAILS = "details";

    /** The member that says what to do about it. */
    public static final String HINT = "hint";

    private Refusal() {}

    /** The error with its fixed message. */
    public static ApiException of(RestError error) {
        return ApiException.of(error);
    }

    /** The error with its fixed message and what went wrong here. */
    public static ApiException withDetails(RestError error, String details) {
        return ApiException.of(error).with(DETAILS, details);
    }

    /** The error with a message of its own. */
    public static ApiException of(RestError error, String message, @Nullable String details, @Nullable String hint) {
        var refusal = ApiException.of(error, message);
        if (details != null) {
            refusal = refusal.with(DETAILS, details);
        }
        return hint == null ? refusal : refusal.with(HINT, hint);
    }

    /**
     * Text that does not follow the grammar ({@code PGRST100}).
     *
     * @param what the parameter, for example {@code filter}
     * @param text the text as it came
     * @param column where it stopped making sense, from 1
     * @param details what was found and what was expected there
     */
    public static ApiException syntax(String what, String text, int column, String details) {
        var message = "\"failed to parse " + what + " (" + text + ")\" (line 1, column " + column + ")";
        return of(RestError.INVALID_QUERY, message, details, null);
    }
}
