package dev.basalt.data.rest;

import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.kit.database.TransactionStart.Isolation;
import dev.basalt.kit.error.ApiException;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code {requests: [{method, path, headers, body}…], isolation}}. */
record BatchRequest(List<Part> parts, Isolation isolation) {
    private static final String PREFIX = "/rest/v1";
    private static final String RPC = "rpc/";
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PATCH", "PUT", "DELETE");
    private static final Map<Object, Isolation> ISOLATIONS = Map.of(
            "read committed", Isolation.READ_COMMITTED,
            "repeatable read", Isolation.REPEATABLE_READ,
            "serializable", Isolation.SERIALIZABLE);

    /** The caller of all of them is the batch's. */
    private static final Set<String> NOT_A_PARTS = Set.of("authorization", "apikey", "cookie", "content-length");

    BatchRequest {
        parts = List.copyOf(parts);
    }

    /**
     * One request of the batch.
     *
     * @param name the table's or function's
     * @param query as it stands in the path, or null
     * @param body any JSON value, of numbers that keep their digits; null is none
     */
    record Part(
            HttpMethod method,
            boolean function,
            String name,
            @Nullable String query,
            MultiMap headers,
            @Nullable Object body) {
        /** The path that the request would have alone, without its query. */
        String path() {
            return PREFIX + "/" + (function ? RPC : "") + name;
        }
    }

    /**
     * Reads the body.
     *
     * @throws ApiException {@code PGRST102}; of a request in it with its index
     */
    static BatchRequest parse(JsonObject body, int maxRequests) {
        if (!(body.getValue("requests") instanceof JsonArray requests)
                || requests.isEmpty()
                || requests.size() > maxRequests) {
            throw invalid("'requests' must be an array of 1 to " + maxRequests
                    + " requests (basalt.data.rest.max-batch-requests).");
        }
        var parts = new ArrayList<Part>(requests.size());
        for (int i = 0; i < requests.size(); i++) {
            try {
                parts.add(part(requests.getValue(i)));
            } catch (ApiException refused) {
                throw refused.with(BatchService.INDEX, i);
            }
        }
        return new BatchRequest(parts, isolation(body.getValue("isolation")));
    }

    private static Isolation isolation(@Nullable Object level) {
        if (level == null) {
            return Isolation.DEFAULT;
        }
        var known = ISOLATIONS.get(level);
        if (known == null) {
            throw invalid("'isolation' is one of 'read committed', 'repeatable read', 'serializable'.");
        }
        return known;
    }

    private static Part part(@Nullable Object value) {
        if (!(value instanceof JsonObject request)
                || !(request.getValue("method", "GET") instanceof String method)
                || !(request.getValue("path") instanceof String path)
                || !(request.getValue("headers", new JsonObject()) instanceof JsonObject headers)) {
            throw invalid("A request is {method, path, headers, body}: two strings, an object and any JSON.");
        }
        var verb = method.toUpperCase(Locale.ROOT);
        if (!METHODS.contains(verb)) {
            throw Refusal.of(RestError.UNSUPPORTED_METHOD, "Unsupported HTTP method: " + method, null, null);
        }
        int question = path.indexOf('?');
        var place = question < 0 ? path : path.substring(0, question);
        var below = place.startsWith(PREFIX + "/") ? place.substring(PREFIX.length()) : place;
        var name = below.startsWith("/" + RPC)
                ? below.substring(1 + RPC.length())
                : below.substring(Math.min(1, below.length()));
        if (!below.startsWith("/") || name.isEmpty() || name.indexOf('/') >= 0) {
            throw Refusal.of(RestError.INVALID_PATH);
        }
        return new Part(
                HttpMethod.valueOf(verb),
                below.startsWith("/" + RPC),
                decoded(name),
                question < 0 ? null : path.substring(question + 1),
                headers(headers),
                request.getMap().get("body"));
    }

    private static String decoded(String name) {
        try {
            return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw Refusal.of(RestError.INVALID_PATH);
        }
    }

    private static MultiMap headers(JsonObject headers) {
        var map = MultiMap.caseInsensitiveMultiMap();
        for (var header : headers) {
            if (!(header.getValue() instanceof String value)) {
                throw invalid("The header '" + header.getKey() + "' must be a string.");
            }
            if (NOT_A_PARTS.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                throw invalid("The header '" + header.getKey() + "' can't be set on a request in a batch.");
            }
            map.add(header.getKey(), value);
        }
        return map;
    }

    static ApiException invalid(String why) {
        return Refusal.of(RestError.INVALID_BODY, why, null, null);
    }
}
