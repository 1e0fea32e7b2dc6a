package dev.basalt.kit.request;

import io.vertx.core.MultiMap;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What SQL sees of the HTTP request: the settings {@code request.method}, {@code request.path}, {@code request.headers}
 * and {@code request.cookies} of PostgREST's session contract. Immutable; headers are turned into JSON when they are first asked for, since a
 * request that comes to no project's database never does.
 */
public final class RequestInfo {
    private static final Set<String> CREDENTIALS = Set.of("authorization", "apikey", "cookie");

    /** For work that no HTTP request asked for. */
    public static final RequestInfo NONE = new RequestInfo("", "", () -> "{}", () -> "{}");

    private final String method;
    private final String path;
    private final Supplier<String> headers;
    private final Supplier<String> cookies;
    private volatile @Nullable String headersJson;

    private RequestInfo(String method, String path, Supplier<String> headers, Supplier<String> cookies) {
        this.method = method;
        this.path = path;
        this.headers = headers;
        this.cookies = cookies;
    }

    public String method() {
        return method;
    }

    public String path() {
        return path;
    }

    /** An object; names in lower case, without the credentials, which SQL must not see. */
    public String headersJson() {
        var known = headersJson;
        if (known == null) {
            known = headers.get();
            headersJson = known;
        }
        return known;
    }

    /** An object by name. */
    public String cookiesJson() {
        return cookies.get();
    }

    /** A request within this one, with headers of its own besides. */
    public RequestInfo part(String partMethod, String partPath, MultiMap partHeaders) {
        return new RequestInfo(
                partMethod,
                partPath,
                () -> new JsonObject(headersJson())
                        .mergeIn(new JsonObject(json(partHeaders)))
                        .encode(),
                cookies);
    }

    /** Reads it off an HTTP request. */
    public static RequestInfo of(HttpServerRequest request) {
        var headers = request.headers();
        return new RequestInfo(
                request.method().name(),
                path(request),
                () -> json(headers),
                () -> headers.contains(HttpHeaders.COOKIE) ? json(request.cookies()) : "{}");
    }

    /** Null only for a request line that is no path at all, as in OPTIONS *. */
    private static String path(HttpServerRequest request) {
        var path = request.path();
        return path == null ? "" : path;
    }

    private static String json(MultiMap headers) {
        var json = new JsonObject();
        for (var header : headers) {
            var name = header.getKey().toLowerCase(Locale.ROOT);
            if (!CREDENTIALS.contains(name)) {
                json.put(name, header.getValue());
            }
        }
        return json.encode();
    }

    private static String json(Set<Cookie> cookies) {
        var json = new JsonObject();
        cookies.forEach(cookie -> json.put(cookie.getName(), cookie.getValue()));
        return json.encode();
    }
}
