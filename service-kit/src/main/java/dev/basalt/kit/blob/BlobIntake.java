package dev.basalt.kit.blob;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a content stream into a sink in batches: one batch is written while the next one gathers, and the stream is
 * paused when that one is full. Checks the length as it goes.
 *
 * <p>Lives on one event loop: all state is touched on its context only.
 */
final class BlobIntake {

    /** Where the batches go; called one method at a time. */
    interface Sink {
        /** Takes the next batch. */
        Future<Void> write(Buffer batch);

        /** Makes the blob visible; called after the last batch. */
        Future<StoredBlob> commit();

        /** Removes all that was written; a failure of this is only logged. */
        Future<Void> abort();
    }

    private final Context context;
    private final ReadStream<Buffer> content;
    private final Sink sink;
    private final long expectedLength;
    private final long maxLength;
    private final int batchSize;
    private final boolean exactBatches;
    private final Promise<StoredBlob> result = Promise.promise();

    private Buffer pending = Buffer.buffer();
    private long received;
    private boolean paused = true;
    private boolean writing;
    private boolean ended;
    private boolean done;

    /** Why it failed while a batch was being written: the sink is cleared when that has ended. */
    private @Nullable Throwable failure;

    private BlobIntake(
            Context context,
            ReadStream<Buffer> content,
            Sink sink,
            long expectedLength,
            long maxLength,
            int batchSize,
            boolean exactBatches) {
        this.context = context;
        this.content = content;
        this.sink = sink;
        this.expectedLength = expectedLength;
        this.maxLength = maxLength;
        this.batchSize = batchSize;
        this.exactBatches = exactBatches;
    }

    /**
     * Takes the whole stream.
     *
     * @param ready when the sink may be written to; the stream stays paused until then
     * @param batchSize how much gathers at most while a batch is written
     * @param exactBatches whether every batch but the last has exactly that size; otherwise what is there is written
     */
    static Future<StoredBlob> take(
            Context context,
            ReadStream<Buffer> content,
            Sink sink,
            Future<Void> ready,
            long expectedLength,
            long maxLength,
            int batchSize,
            boolean exactBatches) {
        var intake = new BlobIntake(context, content, sink, expectedLength, maxLength, batchSize, exactBatches);
        content.pause();
        content.exceptionHandler(intake::fail);
        content.endHandler(end -> intake.end());
        content.handler(intake::receive);
        if (expectedLength > maxLength) {
            intake.fail(new BlobStoreException.TooLarge(maxLength));
        } else {
            ready.onComplete(start -> context.runOnContext(now -> intake.begin(start)));
        }
        return intake.result.future();
    }

    private void begin(AsyncResult<Void> start) {
        if (start.failed()) {
            fail(start.cause());
        } else if (!done) {
            paused = false;
            content.resume();
        }
    }

    private void receive(Buffer chunk) {
        if (done) {
            return;
        }
        received += chunk.length();
        if (received > maxLength) {
            fail(new BlobStoreException.TooLarge(maxLength));
            return;
        }
        pending.appendBuffer(chunk);
        if (pending.length() >= batchSize && !paused) {
            paused = true;
            content.pause();
        }
        drain();
    }

    private void end() {
        if (!done) {
            ended = true;
            drain();
        }
    }

    private void drain() {
        if (writing || done) {
            return;
        }
        if (pending.length() == 0) {
            if (ended) {
                finish();
            }
            return;
        }
        if (exactBatches && pending.length() < batchSize && !ended) {
            return;
        }
        Buffer batch = pending;
        if (exactBatches && pending.length() > batchSize) {
            batch = pending.getBuffer(0, batchSize);
            pending = pending.getBuffer(batchSize, pending.length());
        } else {
            pending = Buffer.buffer();
        }
        writing = true;
        if (paused && !ended && pending.length() < batchSize) {
            paused = false;
            context.runOnContext(later -> resume());
        }
        sink.write(batch)
                .onComplete(write -> context.runOnContext(now -> {
                    writing = false;
                    if (failure != null) {
                        abort(failure);
                    } else if (write.failed()) {
                        fail(write.cause());
                    } else {
                        drain();
                    }
                }));
    }

    private void resume() {
        if (!done && !paused) {
            content.resume();
        }
    }

    private void finish() {
        if (expectedLength >= 0 && received != expectedLength) {
            fail(new BlobStoreException.Truncated(expectedLength, received));
            return;
        }
        done = true;
        sink.commit()
                .onComplete(commit -> context.runOnContext(now -> {
                    if (commit.succeeded()) {
                        result.complete(commit.result());
                    } else {
                        abort(commit.cause());
                    }
                }));
    }

    private void fail(Throwable cause) {
        if (done) {
            return;
        }
        done = true;
        pending = Buffer.buffer();
        if (!ended) {
            content.pause();
        }
        if (writing) {
            failure = cause;
        } else {
            abort(cause);
        }
    }

    private void abort(Throwable cause) {
        sink.abort().onComplete(any -> context.runOnContext(now -> result.fail(cause)));
    }
}
