package dev.basalt.data.rest;

import dev.basalt.api.ErrorCode;
import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.ErrorDialect;
import dev.basalt.kit.error.KitError;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;

/**
 * The dialect's error body: {@code {code, message, details, hint}}, the last two null where there is nothing to say; of a batch
 * also {@code index}, the place of the request that failed.
 */
final class RestDialect implements ErrorDialect {
    @Override
    public JsonObject body(ApiException failure, MultiMap request) {
        var body = new JsonObject()
                .put("code", code(failure.error()))
                .put(
                        "message",
                        failure.error() == KitError.NOT_FOUND ? RestError.INVALID_PATH.title() : failure.detail())
                .put(Refusal.DETAILS, failure.members().get(Refusal.DETAILS))
                .put(Refusal.HINT, failure.members().get(Refusal.HINT));
        var index = failure.members().get(BatchService.INDEX);
        return index == null ? body : body.put(BatchService.INDEX, index);
    }

    /** The chain's own errors under the dialect's codes, where it has one. */
    private static String code(ErrorCode error) {
        if (!(error instanceof KitError kit)) {
            return error.code();
        }
        return switch (kit) {
            case NO_API_KEY, TOKEN_REQUIRED -> RestError.TOKEN_REQUIRED.code();
            case INVALID_API_KEY, INVALID_TOKEN, FOREIGN_TOKEN -> RestError.INVALID_TOKEN.code();
            case EXPIRED_TOKEN -> RestError.INVALID_CLAIMS.code();
            case NOT_FOUND -> RestError.INVALID_PATH.code();
            case METHOD_NOT_ALLOWED -> RestError.UNSUPPORTED_METHOD.code();
            case MALFORMED_JSON, INVALID_REQUEST, UNSUPPORTED_MEDIA_TYPE, BODY_TOO_LARGE ->
                RestError.INVALID_BODY.code();
            case DATABASE_UNAVAILABLE -> RestError.CLIENT_FAILED.code();
            case DATABASE_BUSY -> RestError.POOL_EXHAUSTED.code();
            case INTERNAL -> RestError.INTERNAL.code();
            case STATEMENT_TIMEOUT -> "57014";
            case FORBIDDEN,
                    PROJECT_NOT_FOUND,
                    PROJECT_PAUSED,
                    TOO_MANY_REQUESTS,
                    SERVICE_UNAVAILABLE,
                    BODIES_TOO_MANY -> error.code();
        };
    }
}
