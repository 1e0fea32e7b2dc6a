package dev.basalt.storage.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.kit.error.ApiException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartFileTest {
    private static final String TYPE = "multipart/form-data; boundary=----x1";
    private static final String BODY = "------x1\r\nContent-Disposition: form-data; name=\"cacheControl\"\r\n\r\n3600"
            + "\r\n------x1\r\nContent-Disposition: form-data; name=\"metadata\"\r\n\r\n{\"a\":1}"
            + "\r\n------x1\r\nContent-Disposition: form-data; name=\"\"; filename=\"blob\"\r\n"
            + "Content-Type: image/png\r\n\r\nfile \r\n----x1 \r\n\r\n--- body"
            + "\r\n------x1\r\nContent-Disposition: form-data; name=\"late\"\r\n\r\nignored\r\n------x1--\r\n";

    /** Bytes in chunks of one size, delivered only while it is not paused. */
    private static final class Chunks implements ReadStream<Buffer> {
        private final Deque<Buffer> chunks = new ArrayDeque<>();
        private @Nullable Handler<Buffer> handler;
        private @Nullable Handler<Void> endHandler;
        private boolean flowing;
        private boolean delivering;

        Chunks(String body, int size) {
            byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
            for (int at = 0; at < bytes.length; at += size) {
                chunks.add(Buffer.buffer().appendBytes(bytes, at, Math.min(size, bytes.length - at)));
            }
        }

        @Override
        public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> newHandler) {
            return this;
        }

        @Override
        public ReadStream<Buffer> handler(@Nullable Handler<Buffer> newHandler) {
            handler = newHandler;
            return this;
        }

        @Override
        public ReadStream<Buffer> endHandler(@Nullable Handler<Void> newHandler) {
            endHandler = newHandler;
            return this;
        }

        @Override
        public ReadStream<Buffer> pause() {
            flowing = false;
            return this;
        }

        @Override
        public ReadStream<Buffer> fetch(long amount) {
            return resume();
        }

        @Override
        public ReadStream<Buffer> resume() {
            flowing = true;
            if (delivering) {
                return this;
            }
            delivering = true;
            while (flowing && handler != null) {
                Buffer next = chunks.poll();
                if (next == null) {
                    Handler<Void> once = endHandler;
                    endHandler = null;
                    if (once != null) {
                        once.handle(null);
                    }
                    break;
                }
                handler.handle(next);
            }
            delivering = false;
            return this;
        }
    }

    private static String read(MultipartFile file) {
        Buffer all = Buffer.buffer();
        boolean[] ended = {false};
        Throwable[] failed = new Throwable[1];
        file.exceptionHandler(failure -> failed[0] = failure);
        file.endHandler(end -> ended[0] = true);
        file.handler(all::appendBuffer);
        file.resume();
        if (failed[0] instanceof RuntimeException failure) {
            throw failure;
        }
        assertThat(ended[0]).isTrue();
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 20, 64, 1000})
    void theFileComesOutWhateverTheChunks(int size) {
        MultipartFile file = MultipartFile.open(new Chunks(BODY, size), TYPE).result();
        assertThat(file.field("cacheControl")).isEqualTo("3600");
        assertThat(file.field("metadata")).isEqualTo("{\"a\":1}");
        assertThat(file.contentType()).isEqualTo("image/png");
        assertThat(read(file)).isEqualTo("file \r\n----x1 \r\n\r\n--- body");
    }

    @Test
    void anEmptyFileAndOneWithoutHeadersBelongToIt() {
        String empty = "------x1\r\nContent-Disposition: form-data; name=\"\"; filename=\"b\"\r\n\r\n\r\n------x1--";
        assertThat(read(MultipartFile.open(new Chunks(empty, 5), TYPE).result()))
                .isEmpty();
        String bare = "------x1\r\n\r\nbody\r\n------x1--";
        assertThat(read(MultipartFile.open(new Chunks(bare, 5), TYPE).result())).isEqualTo("body");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no boundary at all",
                "------x1--\r\n",
                "------x1",
                "------x1\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n------x1--\r\n"
            })
    void aBodyWithoutAFileIsRefused(String body) {
        Future<MultipartFile> opened = MultipartFile.open(new Chunks(body, 10), TYPE);
        assertThat(opened.cause()).isInstanceOf(ApiException.class);
    }

    @Test
    void aFileThatBreaksOffFails() {
        String cut = BODY.substring(0, BODY.indexOf("body"));
        MultipartFile file = MultipartFile.open(new Chunks(cut, 10), TYPE).result();
        assertThatThrownBy(() -> read(file)).isInstanceOf(ApiException.class);
    }

    @Test
    void moreThanAMegabyteBeforeTheFileIsRefused() {
        String huge = "------x1\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n" + "x".repeat(3_000_000);
        assertThat(MultipartFile.open(new Chunks(huge, 60_000), TYPE).cause()).isInstanceOf(ApiException.class);
    }

    @Test
    void withoutABoundaryNothingIsRead() {
        assertThat(MultipartFile.open(new Chunks(BODY, 10), "multipart/form-data")
                        .cause())
                .isInstanceOf(ApiException.class);
    }
}
