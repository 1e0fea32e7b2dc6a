package dev.basalt.functions.lambda;

import dev.basalt.kit.error.ApiException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which function a path and a {@code Qualifier} name: {@code name}, {@code name:qualifier}, {@code account:function:name} or an ARN;
 * {@code $LATEST} is what a plain name gets.
 *
 * @param name as the registry takes it: {@code name} or {@code name:qualifier}
 */
record LambdaTarget(String name) {
    private static final Pattern FORM =
            Pattern.compile("(?:(?:arn:aws[a-z-]*:lambda:[a-z0-9-]*:)?[0-9a-z-]*:function:)?"
                    + "([a-zA-Z0-9][a-zA-Z0-9_-]{0,62})(?::(\\$LATEST|[a-zA-Z0-9_-]{1,63}))?");
    private static final Pattern QUALIFIER = Pattern.compile("\\$LATEST|[a-zA-Z0-9_-]{1,63}");
    private static final String LATEST = "$LATEST";

    /**
     * Reads both.
     *
     * @throws ApiException {@link LambdaError#INVALID_PARAMETER}
     */
    static LambdaTarget of(String path, @Nullable String qualifier) {
        var matcher = FORM.matcher(path);
        if (!matcher.matches()) {
            throw ApiException.of(LambdaError.INVALID_PARAMETER, "FunctionName is not a function's name or ARN");
        }
        var inPath = matcher.group(2);
        if (qualifier != null
                && (!QUALIFIER.matcher(qualifier).matches() || (inPath != null && !inPath.equals(qualifier)))) {
            throw ApiException.of(
                    LambdaError.INVALID_PARAMETER,
                    "Qualifier must be an alias or a version, and the one in the function's name where that has one");
        }
        var given = qualifier == null ? inPath : qualifier;
        return new LambdaTarget(
                given == null || given.equals(LATEST) ? matcher.group(1) : matcher.group(1) + ":" + given);
    }
}
