package dev.basalt.kit.blob;

import io.minio.MinioAsyncClient;
import io.minio.errors.MinioException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Sends requests of the MinIO client off the event loop and tries again what failed for a passing reason, a limited
 * number of times with growing, varied pauses.
 */
final class S3Requests {
    private final MinioAsyncClient client;
    private final Executor executor;
    private final int attempts;
    private final Duration pause;

    S3Requests(MinioAsyncClient client, Executor executor, int attempts, Duration pause) {
        this.client = client;
        this.executor = executor;
        this.attempts = Math.max(1, attempts);
        this.pause = pause;
    }

    /** A request; the client signs it, checksums included, on the calling thread. */
    @FunctionalInterface
    interface Request<T> {
        CompletableFuture<T> send(MinioAsyncClient client) throws MinioException;
    }

    /** Sends it; completes on the context, failing with a {@link BlobStoreException}. */
    <T> Future<T> send(Context context, BlobKey key, Request<T> request) {
        Promise<T> promise = Promise.promise();
        attempt(context, key, request, promise, 1);
        return promise.future();
    }

    private <T> void attempt(Context context, BlobKey key, Request<T> request, Promise<T> promise, int number) {
        executor.execute(() -> {
            CompletableFuture<T> answer;
            try {
                answer = request.send(client);
            } catch (MinioException | RuntimeException e) {
                answer = CompletableFuture.failedFuture(e);
            }
            Future.fromCompletionStage(answer, context).onComplete(done -> {
                if (done.succeeded()) {
                    promise.complete(done.result());
                } else if (number < attempts && S3Failures.passing(done.cause())) {
                    context.owner()
                            .setTimer(delay(number), tick -> attempt(context, key, request, promise, number + 1));
                } else {
                    promise.fail(S3Failures.known(done.cause(), key));
                }
            });
        });
    }

    private long delay(int number) {
        double doubled = pause.toMillis() * Math.pow(2, number - 1);
        return Math.max(1, (long) (doubled * ThreadLocalRandom.current().nextDouble(0.5, 1.5)));
    }
}
