package dev.basalt.functions.egress;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request that a function wants to make. The constructor checks it: what comes from a worker is a stranger's.
 *
 * @param url absolute
 * @param headers without those that are the connection's own, see {@link #isOwn}
 * @param redirect what to do with one
 * @param body all of it, or empty where it flows
 * @param flow a body that is still to come; paused
 */
public record WebRequest(
        String method,
        String url,
        List<Map.Entry<String, String>> headers,
        Redirect redirect,
        Buffer body,
        @Nullable ReadStream<Buffer> flow) {
    /** What to do with a redirect (Fetch Standard). */
    public enum Redirect {
        FOLLOW,
        ERROR,
        MANUAL
    }

    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+\\-.^_`|~0-9A-Za-z]{1,256}");
    private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e\\x80-\\xff]*");
    /** Those of the connection and of the body's framing: what a function wrote there could split a request in two. */
    private static final Set<String> OWN = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "keep-alive",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private static final Predicate<String> FORBIDDEN_METHOD =
            Pattern.compile("(?i)CONNECT|TRACE|TRACK").asMatchPredicate();

    public WebRequest {
        headers = headers.stream().filter(header -> !isOwn(header.getKey())).toList();
        if (!TOKEN.matcher(method).matches() || FORBIDDEN_METHOD.test(method)) {
            throw new IllegalArgumentException("method");
        }
        for (Map.Entry<String, String> header : headers) {
            if (!TOKEN.matcher(header.getKey()).matches()
                    || !VALUE.matcher(header.getValue()).matches()) {
                throw new IllegalArgumentException("header");
            }
        }
    }

    /** Whether a header of this lower-case name is written by the client alone. */
    static boolean isOwn(String name) {
        return OWN.contains(name.toLowerCase(java.util.Locale.ROOT));
    }
}
