package dev.basalt.sdk.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PulledTest {
    private static final List<ByteBuffer> PIECE = List.of(ByteBuffer.allocate(1));
    private final Pulled body = new Pulled();
    private final List<String> told = new ArrayList<>();
    private final List<Long> asked = new ArrayList<>();
    private boolean cancelled;

    @BeforeEach
    void subscribe() {
        body.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long pieces) {
                asked.add(pieces);
            }

            @Override
            public void cancel() {
                cancelled = true;
            }
        });
    }

    @Test
    void aPieceIsAskedForWhenItsReaderDoes() {
        assertThat(body.getBody().toCompletableFuture()).isCompletedWithValue(body);
        body.read(reader());
        assertThat(asked).isEmpty();

        body.next();
        assertThat(asked).containsExactly(1L);
        body.onNext(PIECE);
        assertThat(asked).containsExactly(1L);
        assertThat(told).containsExactly("piece");
        body.next();
        assertThat(asked).containsExactly(1L, 1L);
    }

    @Test
    void anEndBeforeSomebodyReadsIsToldOnce() {
        body.onError(new IOException("broken"));
        body.onComplete();
        body.read(reader());

        assertThat(told).containsExactly("end broken");
    }

    @Test
    void whoCancelledHearsNothingMore() {
        body.read(reader());
        body.cancel();
        body.onNext(PIECE);
        body.onComplete();

        assertThat(cancelled).isTrue();
        assertThat(told).isEmpty();
    }

    private Pulled.Reader reader() {
        return new Pulled.Reader() {
            @Override
            public void piece(List<ByteBuffer> bytes) {
                told.add("piece");
            }

            @Override
            public void end(@Nullable Throwable failure) {
                told.add("end" + (failure == null ? "" : " " + failure.getMessage()));
            }
        };
    }
}
