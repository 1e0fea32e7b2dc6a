package dev.basalt.storage.error;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.ErrorDialect;
import dev.basalt.kit.hook.HookVerdict;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;

/** {@code {statusCode, error, message, code}}, the status as text, under HTTP 400 mostly. */
public final class StorageDialect implements ErrorDialect {
    @Override
    public int status(ApiException failure) {
        return switch (failure.error()) {
            case StorageError known -> known.httpStatus();
            case HookVerdict.Reject refused -> StorageError.httpStatus(refused.status());
            default -> failure.error().status();
        };
    }

    @Override
    public JsonObject body(ApiException failure, MultiMap request) {
        var error = failure.error();
        return new JsonObject()
                .put("statusCode", Integer.toString(error.status()))
                .put("error", error instanceof StorageError known ? known.label() : error.code())
                .put("message", failure.detail())
                .put("code", error.code());
    }
}
