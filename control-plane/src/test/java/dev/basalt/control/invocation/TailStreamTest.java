package dev.basalt.control.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TailStreamTest {
    private static final int MAX_BYTES = 500;
    private final Vertx vertx = Vertx.vertx();
    private final List<String> read = new CopyOnWriteArrayList<>();
    private final Promise<Void> ended = Promise.promise();

    @AfterEach
    void close() {
        await(vertx.close());
    }

    private TailStream stream(long endMillis) {
        var context = vertx.getOrCreateContext();
        var stream = new TailStream(context, null, MAX_BYTES, endMillis);
        stream.pause();
        stream.endHandler(end -> ended.complete());
        stream.handler(event -> read.add(event.toString()));
        return stream;
    }

    @Test
    void whatASlowReaderHasNotTakenIsBoundedAndItIsToldWhyItEnds() {
        var stream = stream(Long.MAX_VALUE);
        for (var i = 0; i < 100; i++) {
            stream.send("log", "{\"n\":" + i + "}");
        }
        await(stream.over());
        assertThat(read).isEmpty();
        stream.resume();
        await(ended.future());
        assertThat(read).singleElement().asString().contains("event: end", "too_slow");
    }

    @Test
    void whatIsReadInTimeIsAllThere() {
        var stream = stream(Long.MAX_VALUE);
        stream.resume();
        for (var i = 0; i < 100; i++) {
            stream.send("log", "{\"n\":" + i + "}");
        }
        stream.close();
        await(ended.future());
        assertThat(read).hasSize(101).last().asString().isEqualTo("event: log\ndata: {\"n\":99}\n\n");
    }

    @Test
    void anOldStreamEndsWithAWord() {
        var stream = stream(System.currentTimeMillis() - 1);
        stream.resume();
        stream.beat();
        await(ended.future());
        assertThat(read).last().asString().contains("event: end", "too_old");
    }

    private static void await(Future<?> future) {
        future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }
}
