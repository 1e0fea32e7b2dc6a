package dev.basalt.functions.lambda;

import dev.basalt.api.ErrorCode;

/** The errors of the Invoke API; the codes are AWS' own. */
enum LambdaError implements ErrorCode {
    RESOURCE_NOT_FOUND(404, "ResourceNotFoundException", "Function not found"),
    INVALID_CONTENT(400, "InvalidRequestContentException", "The request body is not a JSON object"),
    INVALID_PARAMETER(400, "InvalidParameterValueException", "A parameter is not valid"),
    REQUEST_TOO_LARGE(413, "RequestTooLargeException", "The payload is larger than allowed"),
    TOO_MANY_REQUESTS(429, "TooManyRequestsException", "Rate exceeded"),
    ACCESS_DENIED(403, "AccessDeniedException", "The Invoke API takes a project's secret key"),
    MISSING_CREDENTIALS(403, "MissingAuthenticationTokenException", "Missing Authentication Token"),
    UNKNOWN_CREDENTIALS(403, "UnrecognizedClientException", "The credentials are not of this project"),
    SERVICE(500, "ServiceException", "The function can't run now");

    private final int status;
    private final String code;
    private final String title;

    LambdaError(int status, String code, String title) {
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
