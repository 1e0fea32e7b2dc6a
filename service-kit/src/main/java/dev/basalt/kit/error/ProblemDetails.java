package dev.basalt.kit.error;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;

/**
 * The dialect of our own APIs: {@code application/problem+json} of RFC 9457 with the extension member {@code code}.
 */
public final class ProblemDetails implements ErrorDialect {
    @Override
    public String contentType() {
        return "application/problem+json";
    }

    @Override
    public JsonObject body(ApiException failure, MultiMap request) {
        var body = new JsonObject()
                .put("title", failure.error().title())
                .put("status", failure.error().status())
                .put("code", failure.error().code())
                .put("detail", failure.detail());
        failure.members().forEach(body::put);
        return body;
    }
}
