package dev.basalt.functions.process;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** Reads bodies up to a bound; what comes beyond is thrown away as it arrives. */
final class BoundedBody {
    /** The body is larger than the bound. */
    static final class TooLargeException extends Exception {
        TooLargeException() {
            super("body too large", null, false, false);
        }
    }

    private BoundedBody() {}

    /** Completes with the body; fails as soon as the bound is crossed or the connection breaks. */
    static Future<Buffer> read(HttpServerRequest request, int maxBytes) {
        Promise<Buffer> promise = Promise.promise();
        Buffer body = Buffer.buffer();
        request.exceptionHandler(promise::tryFail);
        request.endHandler(end -> promise.tryComplete(body));
        request.handler(part -> {
            if (promise.future().isComplete()) {
                return;
            }
            if (body.length() + part.length() > maxBytes) {
                promise.tryFail(new TooLargeException());
            } else {
                body.appendBuffer(part);
            }
        });
        return promise.future();
    }
}
