package dev.basalt.kit.error;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/**
 * How one API words its errors on the wire. Implementations are stateless and safe for use by any thread.
 */
public interface ErrorDialect {
    /** The content type of an error body. */
    default String contentType() {
        return "application/json; charset=utf-8";
    }

    /** The HTTP status of the error in this dialect; most keep the error's own. */
    default int status(ApiException failure) {
        return failure.error().status();
    }

    /** Headers that go out with the error besides its own, for dialects that name the version they answer in. */
    default List<Map.Entry<String, String>> headers(ApiException failure, MultiMap request) {
        return List.of();
    }

    /**
     * The body of the error.
     *
     * @param request the headers of the request, for dialects that answer by version
     */
    JsonObject body(ApiException failure, MultiMap request);
}
