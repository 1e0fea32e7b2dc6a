package dev.basalt.functions.signature;

import dev.basalt.functions.runtime.Invocation;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request taken apart: the path below the function, its query, its headers in lower case with several of a name joined.
 *
 * @param authority the host and its port
 * @param path begins with a slash, as it was sent
 * @param query as it was sent, without the question mark; empty where there is none
 */
public record RequestParts(
        String authority, String path, String query, Map<String, String> headers, Invocation.Http request) {
    private static final String PREFIX = "/functions/v1/";

    /** Takes a request apart; its URL need not be one by the letter, clients send what they like. */
    public static RequestParts of(Invocation.Http request) {
        var headers = new LinkedHashMap<String, String>();
        request.headers()
                .forEach(header -> headers.merge(
                        header.getKey().toLowerCase(Locale.ROOT),
                        header.getValue(),
                        (first, next) -> first + (header.getKey().equalsIgnoreCase("cookie") ? "; " : ",") + next));
        var url = request.url();
        var scheme = url.indexOf("://");
        var host = scheme < 0 ? 0 : scheme + 3;
        var mark = url.indexOf('?', host);
        var end = mark < 0 ? url.length() : mark;
        var slash = url.indexOf('/', host);
        var hasPath = slash >= 0 && slash < end;
        return new RequestParts(
                url.substring(host, hasPath ? slash : end),
                hasPath ? below(url.substring(slash, end)) : "/",
                mark < 0 ? "" : url.substring(mark + 1),
                headers,
                request);
    }

    private static String below(String path) {
        if (!path.startsWith(PREFIX)) {
            return path;
        }
        var slash = path.indexOf('/', PREFIX.length());
        return slash < 0 ? "/" : path.substring(slash);
    }

    /** The host without its port. */
    public String host() {
        var colon = authority.lastIndexOf(':');
        return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
    }

    public String method() {
        return request.method();
    }

    public Buffer body() {
        return request.body();
    }

    /** A header by its name in lower case, empty where it is not there. */
    public String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** The query's parameters in their order. */
    public Map<String, List<String>> parameters() {
        return query.isEmpty() ? Map.of() : new QueryStringDecoder(query, false).parameters();
    }

    /** A body of {@code application/x-www-form-urlencoded}; empty where it is of another type. */
    public Map<String, List<String>> form() {
        return mediaType().equals("application/x-www-form-urlencoded")
                ? new QueryStringDecoder(body().toString(), false).parameters()
                : Map.of();
    }

    /** The media type without parameters, in lower case. */
    public String mediaType() {
        return mediaType(header("content-type"));
    }

    static String mediaType(String contentType) {
        return contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    boolean isJson() {
        return isJson(mediaType());
    }

    static boolean isJson(String mediaType) {
        return mediaType.equals("application/json") || mediaType.endsWith("+json");
    }

    /** The body as JSON; empty where it says that it is something else, or is not what it says. */
    Optional<Object> json() {
        if (!isJson()) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(Json.decodeValue(body()));
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }

    /** The body as text, where it is text by its type and by its bytes. */
    Optional<String> text() {
        if (!isText(mediaType()) || headers.containsKey("content-encoding")) {
            return Optional.empty();
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body().getBytes()))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    static boolean isText(String mediaType) {
        return mediaType.isEmpty()
                || mediaType.startsWith("text/")
                || isJson(mediaType)
                || mediaType.endsWith("+xml")
                || mediaType.endsWith("/xml")
                || mediaType.endsWith("javascript")
                || mediaType.equals("application/x-www-form-urlencoded");
    }

    String base64() {
        return Base64.getEncoder().encodeToString(body().getBytes());
    }
}
