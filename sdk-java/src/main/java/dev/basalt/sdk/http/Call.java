package dev.basalt.sdk.http;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call to be made. Immutable; each method answers a changed copy.
 *
 * @param dialect whose errors to expect
 * @param method the HTTP method
 * @param path below the origin, encoded, with a leading slash and without a query
 * @param parameters the query, not encoded, in order
 * @param headers beyond those every call has
 * @param body {@code null} for none; published anew for each try
 * @param repeatable whether a second execution does no harm
 * @param transfer whether it moves a file, so that the longer time limit holds
 */
public record Call(
        Dialect dialect,
        String method,
        String path,
        List<Map.Entry<String, String>> parameters,
        Map<String, String> headers,
        @Nullable BodyPublisher body,
        boolean repeatable,
        boolean transfer) {
    /** A call without query and body; {@code GET} and {@code HEAD} are repeatable. */
    public static Call of(Dialect dialect, String method, String path) {
        return new Call(dialect, method, path, List.of(), Map.of(), null, isSafe(method), false);
    }

    private static boolean isSafe(String method) {
        return method.equals("GET") || method.equals("HEAD");
    }

    public Call parameter(String name, String value) {
        var more = new ArrayList<>(parameters);
        more.add(Map.entry(name, value));
        return new Call(dialect, method, path, List.copyOf(more), headers, body, repeatable, transfer);
    }

    /** With these parameters instead of its own. */
    public Call parameters(List<Map.Entry<String, String>> changed) {
        return new Call(dialect, method, path, List.copyOf(changed), headers, body, repeatable, transfer);
    }

    /** By another method; {@code GET} and {@code HEAD} are repeatable. */
    public Call method(String changed) {
        return new Call(dialect, changed, path, parameters, headers, body, isSafe(changed), transfer);
    }

    public Call header(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Call(dialect, method, path, parameters, Map.copyOf(more), body, repeatable, transfer);
    }

    public Call json(@Nullable Object value) {
        return body("application/json", BodyPublishers.ofByteArray(Json.write(value)));
    }

    public Call body(String contentType, BodyPublisher content) {
        return new Call(dialect, method, path, parameters, headers, content, repeatable, transfer)
                .header("Content-Type", contentType);
    }

    /** Says that a second execution does no harm. */
    public Call asRepeatable() {
        return new Call(dialect, method, path, parameters, headers, body, true, transfer);
    }

    /** Says that it is sent once, whatever its method. */
    public Call once() {
        return new Call(dialect, method, path, parameters, headers, body, false, transfer);
    }

    /** Says that a file is moved. */
    public Call asTransfer() {
        return new Call(dialect, method, path, parameters, headers, body, repeatable, true);
    }
}
