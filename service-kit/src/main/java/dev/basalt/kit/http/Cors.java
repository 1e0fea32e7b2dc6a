package dev.basalt.kit.http;

import dev.basalt.kit.project.Project;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import org.jspecify.annotations.Nullable;

/**
 * Cross-origin sharing (Fetch, section 3.2) by the project's setting {@code cors_origins}, a list of origins; every origin
 * where it is not set, because keys and tokens travel in headers, never in cookies. Stateless.
 */
final class Cors {
    private static final String SETTING = "cors_origins";
    private static final String MAX_AGE_SECONDS = "3600";

    private Cors() {}

    /** Adds the headers of an answer to a cross-origin request. */
    static void answer(HttpServerRequest request, HttpServerResponse response, @Nullable Project project) {
        var origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin == null) {
            return;
        }
        var allowed = allowed(origin, project);
        if (allowed != null) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, allowed)
                    .putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, "*");
            if (!"*".equals(allowed)) {
                response.putHeader(HttpHeaders.VARY, "Origin");
            }
        }
    }

    /** Adds the headers of an answer to a preflight, which comes without credentials. */
    static void preflight(HttpServerRequest request, HttpServerResponse response, @Nullable Project project) {
        answer(request, response, project);
        var headers = request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
        response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, "GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS")
                .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, headers == null ? "*" : headers)
                .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, MAX_AGE_SECONDS);
    }

    private static @Nullable String allowed(String origin, @Nullable Project project) {
        JsonArray origins = project == null ? null : project.settings().getJsonArray(SETTING);
        if (origins == null) {
            return "*";
        }
        return origins.contains(origin) ? origin : null;
    }
}
