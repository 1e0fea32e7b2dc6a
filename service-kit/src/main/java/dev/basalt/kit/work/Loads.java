package dev.basalt.kit.work;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;

/** What an asynchronous cache answers, as Vert.x wants it. Safe for use by any thread. */
public final class Loads {
    private Loads() {}

    /**
     * Completes on the caller's context, where it has one, whoever ends the load. What is there already is answered without a hop
     * to another thread.
     */
    public static <T> Future<T> future(CompletableFuture<T> loading) {
        if (loading.isDone() && !loading.isCompletedExceptionally()) {
            return Future.succeededFuture(loading.getNow(null));
        }
        var context = Vertx.currentContext();
        return context == null ? Future.fromCompletionStage(loading) : Future.fromCompletionStage(loading, context);
    }
}
