package dev.basalt.kit.work;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Objects;
import java.util.concurrent.Callable;

/** Runs blocking work on Vert.x's bounded worker threads, unordered. Safe for use by any thread. */
public final class Blocking {
    private Blocking() {}

    /** Work without a result. */
    @FunctionalInterface
    public interface Action {
        void run() throws Exception;
    }

    /** The result of the work, which is not null, on the caller's context. */
    public static <T> Future<T> call(Vertx vertx, Callable<T> work) {
        return vertx.executeBlocking(work, false).map(Objects::requireNonNull);
    }

    /** Completes when the work is done, on the caller's context. */
    public static Future<Void> run(Vertx vertx, Action work) {
        var done = Promise.<Void>promise();
        vertx.executeBlocking(
                        () -> {
                            work.run();
                            return "";
                        },
                        false)
                .onComplete(result -> {
                    if (result.succeeded()) {
                        done.complete();
                    } else {
                        done.fail(result.cause());
                    }
                });
        return done.future();
    }
}
