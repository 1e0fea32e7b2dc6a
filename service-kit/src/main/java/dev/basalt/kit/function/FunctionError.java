package dev.basalt.kit.function;

import dev.basalt.api.ErrorCode;

/** Errors of deploying and calling functions. */
public enum FunctionError implements ErrorCode {
    FUNCTION_NOT_FOUND(404, "function_not_found", "No such function"),
    VERSION_NOT_FOUND(404, "version_not_found", "The function has no such version"),
    ALIAS_NOT_FOUND(404, "alias_not_found", "The function has no such alias"),
    NO_EARLIER_VERSION(409, "no_earlier_version", "There is no earlier version to go back to"),
    INVALID_ALIAS(422, "invalid_alias", "The alias is not valid"),
    INVOCATION_NOT_FOUND(404, "invocation_not_found", "No such invocation, or its record is too old"),
    SECRET_NOT_FOUND(404, "secret_not_found", "No such secret"),
    INVALID_SECRET(422, "invalid_secret", "The secret is not valid"),
    INVALID_MANIFEST(422, "invalid_manifest", "The manifest is not valid"),
    INVALID_ARTIFACT(422, "invalid_artifact", "The function's files are not acceptable"),
    ARTIFACT_TOO_LARGE(413, "artifact_too_large", "The function's files are larger than allowed"),
    BUILD_FAILED(422, "build_failed", "The function's files do not compile"),
    FUNCTION_FAILED(500, "function_failed", "The function failed; its log says why"),
    FUNCTION_CRASHED(502, "function_crashed", "The process that ran the function ended"),
    FUNCTION_TIMEOUT(504, "function_timeout", "The function did not answer within its time limit"),
    FUNCTION_LOOP(508, "function_loop", "Too many functions have called one another to come here"),
    FUNCTION_OVER_BUDGET(
            429, "function_over_budget", "The functions that one call led to have used what they may use together"),
    FUNCTION_OVERLOADED(429, "function_overloaded", "The function has more calls waiting than allowed"),
    FUNCTIONS_UNAVAILABLE(503, "functions_unavailable", "Functions can't run here now");

    private final int status;
    private final String code;
    private final String title;

    FunctionError(int status, String code, String title) {
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
