package dev.basalt.control.dump;

import dev.basalt.kit.blob.InputReadStream;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.KitError;
import dev.basalt.kit.project.Project;
import dev.basalt.kit.schema.ProjectConnections;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.streams.ReadStream;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs dumps and restores on virtual threads, a few at once. Safe for use by any thread. */
@ApplicationScoped
class DumpService {
    private static final int CHUNK = 64 * 1024;

    private final ProjectConnections connections;
    private final Semaphore places;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("dump-", 0).factory());

    @Inject
    DumpService(ProjectConnections connections, DumpConfig config) {
        this.connections = connections;
        this.places = new Semaphore(config.atOnce());
    }

    @PreDestroy
    void close() {
        threads.shutdownNow();
    }

    /** A stream that is being read, and what to do when nobody reads it any more. */
    record Running(ReadStream<Buffer> stream, Runnable close) {}

    /**
     * A dump, once its snapshot is open.
     *
     * @param context where the stream is read
     */
    Future<Running> dump(Project project, Context context) {
        var place = place();
        return call(context, () -> DumpInput.open(connections.administrator(project.database())))
                .onFailure(failed -> place.run())
                .map(input -> {
                    var stream = new InputReadStream(context, threads, () -> new Released(input, place), CHUNK);
                    return new Running(stream, () -> {
                        stream.close();
                        // A stream that was never read has not opened its input, and does not close it.
                        threads.execute(() -> InputReadStream.closeQuietly(new Released(input, place)));
                    });
                });
    }

    /** Restores a dump, all or nothing. */
    Future<JsonObject> restore(Project project, InputStream body, Context context) {
        var place = place();
        return call(context, () -> {
                    try (var connection = connections.owner(project.database())) {
                        return Restore.run(connection, new DumpReader(body));
                    } catch (SQLException away) {
                        throw ApiException.caused(KitError.DATABASE_UNAVAILABLE, away);
                    } catch (java.io.IOException broken) {
                        throw ApiException.of(
                                DumpError.INVALID_DUMP, "The file can't be restored: " + broken.getMessage());
                    }
                })
                .onComplete(done -> place.run());
    }

    /** Takes one of the places; what it returns gives it back, once. */
    private Runnable place() {
        if (!places.tryAcquire()) {
            throw ApiException.of(KitError.TOO_MANY_REQUESTS, "Other dumps are running; try again later")
                    .withHeader("Retry-After", "10");
        }
        var given = new AtomicBoolean();
        return () -> {
            if (given.compareAndSet(false, true)) {
                places.release();
            }
        };
    }

    private <T> Future<T> call(Context context, java.util.concurrent.Callable<T> work) {
        var promise = Promise.<T>promise();
        threads.execute(() -> {
            try {
                var result = work.call();
                context.runOnContext(done -> promise.complete(result));
            } catch (Exception failed) {
                context.runOnContext(done -> promise.fail(failed));
            }
        });
        return promise.future();
    }

    /** An input whose place is free again when it is closed. */
    private static final class Released extends java.io.FilterInputStream {
        private final Runnable place;

        Released(InputStream input, Runnable place) {
            super(input);
            this.place = place;
        }

        @Override
        public void close() throws java.io.IOException {
            try {
                super.close();
            } finally {
                place.run();
            }
        }
    }
}
