package dev.basalt.data.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.data.stream.ChunkStream.Chunk;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChunkStreamTest {
    private static final int CHUNKS = 5;

    private final List<String> heard = new ArrayList<>();
    private int asked;

    private Future<Chunk> next() {
        asked++;
        return Future.succeededFuture(chunk(asked));
    }

    private static Chunk chunk(int number) {
        return new Chunk(Buffer.buffer(Integer.toString(number)), number == CHUNKS - 1);
    }

    private ChunkStream listened(ChunkStream stream) {
        stream.endHandler(end -> heard.add("end")).exceptionHandler(failure -> heard.add(failure.getMessage()));
        return stream.handler(bytes -> heard.add(bytes.toString()));
    }

    @Test
    void allChunksComeInOrderAndTheEndOnce() {
        listened(new ChunkStream(chunk(0), this::next));
        assertThat(heard).containsExactly("0", "1", "2", "3", "4", "end");
        assertThat(asked).isEqualTo(CHUNKS - 1);
    }

    @Test
    void aReaderThatStandsStillHasOneChunkFetchedAheadAndNoMore() {
        var stream = new ChunkStream(chunk(0), this::next).pause();
        listened(stream);
        assertThat(heard).isEmpty();
        assertThat(asked).isZero();
        stream.fetch(1);
        assertThat(heard).containsExactly("0");
        assertThat(asked).isEqualTo(1);
        stream.fetch(1);
        stream.pause();
        assertThat(heard).containsExactly("0", "1");
        assertThat(asked).isEqualTo(2);
        stream.resume();
        assertThat(heard).containsExactly("0", "1", "2", "3", "4", "end");
        assertThat(asked).isEqualTo(CHUNKS - 1);
    }

    @Test
    void aChunkIsAskedForOnceHoweverLongItTakes() {
        var slow = Promise.<Chunk>promise();
        var stream = listened(new ChunkStream(chunk(0), () -> {
            asked++;
            return slow.future();
        }));
        stream.pause().resume().fetch(3);
        assertThat(asked).isEqualTo(1);
        slow.complete(chunk(CHUNKS - 1));
        assertThat(heard).containsExactly("0", "4", "end");
    }

    @Test
    void whatFailsBreaksOffOnceWithoutWhatWasFetchedAhead() {
        var stream = listened(new ChunkStream(chunk(0), this::next).pause());
        stream.fetch(1);
        assertThat(asked).isEqualTo(1);
        stream.fail(new IllegalStateException("broken"));
        stream.fail(new IllegalStateException("again"));
        stream.resume();
        assertThat(heard).containsExactly("0", "broken");
        assertThat(asked).isEqualTo(1);
    }

    @Test
    void aChunkThatCannotBeFetchedBreaksOff() {
        listened(new ChunkStream(chunk(0), () -> Future.failedFuture(new IllegalStateException("no such rows"))));
        assertThat(heard).containsExactly("0", "no such rows");
    }
}
