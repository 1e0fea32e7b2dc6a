package dev.basalt.functions.lambda;

import dev.basalt.api.ErrorCode;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.ErrorDialect;
import dev.basalt.kit.error.KitError;
import dev.basalt.kit.signature.SignatureError;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/** Errors as AWS' REST-JSON protocol words them: the header {@code x-amzn-ErrorType}, {@code {Type, Message, message}}. Stateless. */
final class LambdaDialect implements ErrorDialect {
    @Override
    public int status(ApiException failure) {
        return error(failure).status();
    }

    @Override
    public List<Map.Entry<String, String>> headers(ApiException failure, MultiMap request) {
        return List.of(Map.entry("x-amzn-ErrorType", error(failure).code()));
    }

    @Override
    public JsonObject body(ApiException failure, MultiMap request) {
        var error = error(failure);
        var detail = error.equals(failure.error()) ? failure.detail() : error.title();
        return new JsonObject()
                .put("Type", error.status() < 500 ? "User" : "Service")
                .put("Message", detail)
                .put("message", detail);
    }

    private static ErrorCode error(ApiException failure) {
        return switch (failure.error()) {
            case LambdaError own -> own;
            case SignatureError own -> own;
            case KitError kit ->
                switch (kit) {
                    case NO_API_KEY -> LambdaError.MISSING_CREDENTIALS;
                    case INVALID_API_KEY, INVALID_TOKEN, EXPIRED_TOKEN, FOREIGN_TOKEN, PROJECT_NOT_FOUND ->
                        LambdaError.UNKNOWN_CREDENTIALS;
                    case TOKEN_REQUIRED, FORBIDDEN -> LambdaError.ACCESS_DENIED;
                    case NOT_FOUND, METHOD_NOT_ALLOWED -> LambdaError.RESOURCE_NOT_FOUND;
                    case MALFORMED_JSON, INVALID_REQUEST, UNSUPPORTED_MEDIA_TYPE -> LambdaError.INVALID_CONTENT;
                    case BODY_TOO_LARGE -> LambdaError.REQUEST_TOO_LARGE;
                    case TOO_MANY_REQUESTS -> LambdaError.TOO_MANY_REQUESTS;
                    case BODIES_TOO_MANY,
                            PROJECT_PAUSED,
                            DATABASE_UNAVAILABLE,
                            DATABASE_BUSY,
                            STATEMENT_TIMEOUT,
                            SERVICE_UNAVAILABLE,
                            INTERNAL -> LambdaError.SERVICE;
                };
            default -> failure.error().status() < 500 ? LambdaError.INVALID_PARAMETER : LambdaError.SERVICE;
        };
    }
}
