package dev.basalt.kit.error;

import dev.basalt.api.ErrorCode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A failure with a public face: an {@link ErrorCode}, a detail that the client may read, and a private cause that only
 * the log sees.
 *
 * <p>Carries no stack trace of its own: it is an answer, not a defect; the cause keeps its trace. Immutable.
 */
public final class ApiException extends RuntimeException {
    private final ErrorCode error;
    private final String detail;
    private final Map<String, Object> members;
    private final List<Map.Entry<String, String>> headers;

    private ApiException(
            ErrorCode error,
            String detail,
            Map<String, Object> members,
            List<Map.Entry<String, String>> headers,
            @Nullable Throwable cause) {
        super(error.code() + ": " + detail, cause, false, false);
        this.error = error;
        this.detail = detail;
        this.members = Map.copyOf(members);
        this.headers = List.copyOf(headers);
    }

    /** The error with its title as its detail. */
    public static ApiException of(ErrorCode error) {
        return new ApiException(error, error.title(), Map.of(), List.of(), null);
    }

    /** The error with a detail of this occurrence. The detail must not hold a secret or an internal name. */
    public static ApiException of(ErrorCode error, String detail) {
        return new ApiException(error, detail, Map.of(), List.of(), null);
    }

    /** The error with its fixed title as detail and a cause for the log alone: the form for every 5xx. */
    public static ApiException caused(ErrorCode error, Throwable cause) {
        return new ApiException(error, error.title(), Map.of(), List.of(), cause);
    }

    /** This error with one more member in its body: an extension member of problem details, or the dialect's own. */
    public ApiException with(String member, Object value) {
        var extended = new java.util.LinkedHashMap<>(members);
        extended.put(member, value);
        return new ApiException(error, detail, extended, headers, getCause());
    }

    /** This error with one more response header. */
    public ApiException withHeader(String name, String value) {
        var extended = new java.util.ArrayList<>(headers);
        extended.add(Map.entry(name, value));
        return new ApiException(error, detail, members, extended, getCause());
    }

    public ErrorCode error() {
        return error;
    }

    public String detail() {
        return detail;
    }

    public Map<String, Object> members() {
        return members;
    }

    public List<Map.Entry<String, String>> headers() {
        return headers;
    }
}
