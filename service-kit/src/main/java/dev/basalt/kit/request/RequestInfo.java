package dev.basalt.kit.request;

import io.vertx.core.MultiMap;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Set;

/**
 * What SQL sees of the HTTP request: the settings {@code request.method}, {@code request.path}, {@code request.headers}
 * and {@code request.cookies} of PostgREST's session contract.
 *
 * @param headersJson names in lower case; without the credentials, which SQL must not see
 */
public record RequestInfo(String method, String path, String headersJson, String cookiesJson) {
    private static final Set<String> CREDENTIALS = Set.of("authorization", "apikey", "cookie");

    /** For work that no HTTP request asked for. */
    public static final RequestInfo NONE = new RequestInfo("", "", "{}", "{}");

    /** A request within this one, with headers of its own besides. */
    public RequestInfo part(String partMethod, String partPath, MultiMap partHeaders) {
        var merged = new JsonObject(headersJson).mergeIn(new JsonObject(headers(partHeaders)));
        return new RequestInfo(partMethod, partPath, merged.encode(), cookiesJson);
    }

    /** Reads it off an HTTP request. */
    public static RequestInfo of(HttpServerRequest request) {
        return new RequestInfo(
                request.method().name(), path(request), headers(request.headers()), cookies(request.cookies()));
    }

    /** Null only for a request line that is no path at all, as in OPTIONS *. */
    private static String path(HttpServerRequest request) {
        var path = request.path();
        return path == null ? "" : path;
    }

    private static String headers(MultiMap headers) {
        var json = new JsonObject();
        for (var header : headers) {
            var name = header.getKey().toLowerCase(Locale.ROOT);
            if (!CREDENTIALS.contains(name)) {
                json.put(name, header.getValue());
            }
        }
        return json.encode();
    }

    private static String cookies(Set<Cookie> cookies) {
        if (cookies.isEmpty()) {
            return "{}";
        }
        var json = new JsonObject();
        cookies.forEach(cookie -> json.put(cookie.getName(), cookie.getValue()));
        return json.encode();
    }
}
