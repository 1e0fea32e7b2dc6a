package dev.basalt.auth.wire;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.ErrorDialect;
import dev.basalt.kit.error.KitError;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * GoTrue's two error bodies: <code>{code, message}</code> for a client that names API version 2024-01-01 or later, which
 * is then named in the answer too, and <code>{code: status, error_code, msg}</code> for every other.
 */
public final class AuthDialect implements ErrorDialect {
    private static final String VERSION_HEADER = "X-Supabase-Api-Version";
    private static final String VERSION = "2024-01-01";

    /** The chain's errors in GoTrue's words. */
    private record Words(int status, String code, String message) {}

    @Override
    public int status(ApiException failure) {
        return words(failure).status();
    }

    @Override
    public List<Map.Entry<String, String>> headers(ApiException failure, MultiMap request) {
        return isVersioned(request) ? List.of(Map.entry(VERSION_HEADER, VERSION)) : List.of();
    }

    @Override
    public JsonObject body(ApiException failure, MultiMap request) {
        var words = words(failure);
        var body = new JsonObject();
        if (isVersioned(request)) {
            body.put("code", words.code()).put("message", words.message());
        } else {
            body.put("code", words.status()).put("error_code", words.code()).put("msg", words.message());
        }
        failure.members().forEach(body::put);
        return body;
    }

    /** Versions are dates, which compare as text. */
    private static boolean isVersioned(MultiMap request) {
        @Nullable String version = request.get(VERSION_HEADER);
        return version != null
                && version.length() == VERSION.length()
                && Character.isDigit(version.charAt(0))
                && version.compareTo(VERSION) >= 0;
    }

    private static Words words(ApiException failure) {
        if (!(failure.error() instanceof KitError kit)) {
            return new Words(failure.error().status(), failure.error().code(), failure.detail());
        }
        var status = kit.status();
        return switch (kit) {
            case NO_API_KEY, INVALID_API_KEY -> new Words(status, "no_authorization", failure.detail());
            case TOKEN_REQUIRED -> new Words(status, "no_authorization", "This endpoint requires a Bearer token");
            case INVALID_TOKEN, EXPIRED_TOKEN ->
                new Words(
                        403,
                        "bad_jwt",
                        "invalid JWT: unable to parse or verify signature, "
                                + (kit == KitError.EXPIRED_TOKEN ? "token is expired" : "token is malformed"));
            case FOREIGN_TOKEN -> new Words(status, "bad_jwt", "invalid JWT: " + failure.detail());
            case FORBIDDEN -> new Words(status, "not_admin", "User not allowed");
            case MALFORMED_JSON -> new Words(status, "bad_json", "Could not parse request body as JSON");
            case INVALID_REQUEST, UNSUPPORTED_MEDIA_TYPE, BODY_TOO_LARGE ->
                new Words(status, "validation_failed", failure.detail());
            case TOO_MANY_REQUESTS -> new Words(status, "over_request_rate_limit", failure.detail());
            case STATEMENT_TIMEOUT -> new Words(status, "request_timeout", failure.detail());
            case DATABASE_UNAVAILABLE, DATABASE_BUSY, SERVICE_UNAVAILABLE, BODIES_TOO_MANY ->
                new Words(status, "unexpected_failure", failure.detail());
            case INTERNAL ->
                new Words(
                        status,
                        "unexpected_failure",
                        "Unexpected failure, please check server logs for more information");
            case PROJECT_NOT_FOUND, PROJECT_PAUSED, NOT_FOUND, METHOD_NOT_ALLOWED ->
                new Words(status, kit.code(), failure.detail());
        };
    }
}
