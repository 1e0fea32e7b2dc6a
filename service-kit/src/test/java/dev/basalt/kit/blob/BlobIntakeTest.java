package dev.basalt.kit.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BlobIntakeTest {
    @Test
    void aSinkThatStandsStillStopsTheSource() {
        Vertx vertx = Vertx.vertx();
        try {
            var read = new AtomicInteger();
            InputStream counted = new FilterInputStream(new ByteArrayInputStream(new byte[10_000_000])) {
                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                    int count = super.read(into, offset, length);
                    read.addAndGet(Math.max(0, count));
                    return count;
                }
            };
            Promise<Void> stuck = Promise.promise();
            Context context = vertx.getOrCreateContext();
            var sink = new BlobIntake.Sink() {
                @Override
                public Future<Void> write(Buffer batch) {
                    return stuck.future();
                }

                @Override
                public Future<StoredBlob> commit() {
                    return Future.succeededFuture(new StoredBlob(BlobKey.fresh("p"), read.get(), "", ""));
                }

                @Override
                public Future<Void> abort() {
                    return Future.succeededFuture();
                }
            };
            Promise<StoredBlob> result = Promise.promise();
            context.runOnContext(now -> BlobIntake.take(
                            context,
                            new InputReadStream(context, command -> new Thread(command).start(), () -> counted, 10_000),
                            sink,
                            Future.succeededFuture(),
                            -1,
                            Long.MAX_VALUE,
                            100_000,
                            false)
                    .onComplete(result));
            await().during(Duration.ofMillis(300))
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> read.get() <= 130_000 && read.get() >= 100_000);
            stuck.complete();
            await().until(() -> result.future().isComplete());
            assertThat(read.get()).isEqualTo(10_000_000);
        } finally {
            vertx.close();
        }
    }
}
