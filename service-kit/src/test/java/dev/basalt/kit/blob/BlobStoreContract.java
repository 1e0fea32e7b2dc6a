package dev.basalt.kit.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every blob store must do. */
abstract class BlobStoreContract {
    static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();

    static Vertx vertx;
    static ExecutorService threads;

    BlobStore store;

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
        threads = Executors.newCachedThreadPool();
    }

    @AfterAll
    static void stopVertx() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        threads.shutdownNow();
    }

    /** An empty store. */
    abstract BlobStore open() throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        store = open();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    /** Calls on an event loop, as the services do, and waits here. */
    static <T> T on(Supplier<Future<T>> call) {
        Promise<T> promise = Promise.promise();
        vertx.getOrCreateContext().runOnContext(now -> call.get().onComplete(promise));
        try {
            return promise.future().toCompletionStage().toCompletableFuture().get(15, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    static ReadStream<Buffer> stream(InputStream input) {
        return new InputReadStream(vertx.getOrCreateContext(), threads, () -> input, 50_000);
    }

    StoredBlob put(BlobKey key, byte[] content) {
        return on(() -> store.put(key, stream(new ByteArrayInputStream(content)), content.length, Long.MAX_VALUE));
    }

    byte[] read(BlobKey key, long offset, long length) {
        Buffer all = on(() -> store.get(key, offset, length).compose(content -> {
            Buffer gathered = Buffer.buffer();
            Promise<Buffer> promise = Promise.promise();
            content.stream().exceptionHandler(promise::fail).endHandler(end -> promise.complete(gathered));
            content.stream().handler(gathered::appendBuffer);
            return promise.future()
                    .onSuccess(done -> assertThat(content.length()).isEqualTo(done.length()));
        }));
        return all.getBytes();
    }

    List<ListedBlob> listAll(String namespace) {
        var all = new ArrayList<ListedBlob>();
        while (true) {
            BlobKey after = all.isEmpty() ? null : all.getLast().key();
            List<ListedBlob> page = on(() -> store.list(namespace, after, 7));
            if (page.isEmpty()) {
                return all;
            }
            all.addAll(page);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_536, 65_537, 1_048_576, 5_242_880, 17_000_001})
    void whatWasPutComesBackWithItsChecksums(int length) throws Exception {
        byte[] content = bytes(length);
        var key = BlobKey.fresh("p1");
        StoredBlob stored = put(key, content);
        assertThat(stored.length()).isEqualTo(length);
        assertThat(stored.md5()).isEqualTo(hex("MD5", content));
        assertThat(stored.sha256()).isEqualTo(hex("SHA-256", content));
        assertThat(read(key, 0, BlobStore.UNKNOWN)).isEqualTo(content);
        assertThat(on(() -> store.size(key))).isEqualTo(length);
    }

    private static String hex(String algorithm, byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
    }

    @Test
    void contentOfUnknownLengthIsTakenToItsEnd() {
        byte[] content = bytes(12_000_000);
        var key = BlobKey.fresh("p1");
        on(() -> store.put(key, stream(new ByteArrayInputStream(content)), BlobStore.UNKNOWN, Long.MAX_VALUE));
        assertThat(read(key, 0, BlobStore.UNKNOWN)).isEqualTo(content);
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 300_000})
    void rangesAreCutToTheBlob(int length) {
        byte[] content = bytes(length);
        var key = BlobKey.fresh("p1");
        put(key, content);
        assertThat(read(key, 10, 5)).isEqualTo(java.util.Arrays.copyOfRange(content, 10, 15));
        assertThat(read(key, 0, 1)).isEqualTo(java.util.Arrays.copyOfRange(content, 0, 1));
        assertThat(read(key, 10, 0)).isEmpty();
        assertThat(read(key, length - 3, 100)).isEqualTo(java.util.Arrays.copyOfRange(content, length - 3, length));
        assertThat(read(key, 7, BlobStore.UNKNOWN)).isEqualTo(java.util.Arrays.copyOfRange(content, 7, length));
        assertThat(read(key, length, BlobStore.UNKNOWN)).isEmpty();
        assertThatThrownBy(() -> read(key, length + 1, 1)).isInstanceOf(BlobStoreException.RangeInvalid.class);
    }

    @Test
    void aRangeOfAnEmptyBlobIsEmpty() {
        var key = BlobKey.fresh("p1");
        put(key, new byte[0]);
        assertThat(read(key, 0, 5)).isEmpty();
    }

    @Test
    void anUnknownKeyIsNotFound() {
        put(BlobKey.fresh("p1"), bytes(1));
        var missing = BlobKey.fresh("p1");
        assertThatThrownBy(() -> read(missing, 0, BlobStore.UNKNOWN)).isInstanceOf(BlobStoreException.NotFound.class);
        assertThatThrownBy(() -> on(() -> store.size(missing))).isInstanceOf(BlobStoreException.NotFound.class);
        assertThatThrownBy(() -> on(() -> store.copy(missing, BlobKey.fresh("p1"))))
                .isInstanceOf(BlobStoreException.NotFound.class);
        on(() -> store.delete(missing));
        assertThat(on(() -> store.list("nobody", null, 10))).isEmpty();
    }

    @Test
    void aDeletedBlobIsGoneAndItsCopyStays() {
        var key = BlobKey.fresh("p1");
        var copy = BlobKey.fresh("p2");
        put(key, bytes(100_000));
        on(() -> store.copy(key, copy));
        on(() -> store.delete(key));
        on(() -> store.delete(key));
        assertThatThrownBy(() -> read(key, 0, BlobStore.UNKNOWN)).isInstanceOf(BlobStoreException.NotFound.class);
        assertThat(read(copy, 0, BlobStore.UNKNOWN)).isEqualTo(bytes(100_000));
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 12_000_000})
    void contentOverTheLimitLeavesNothing(int length) {
        var key = BlobKey.fresh("p1");
        for (long expected : List.of(BlobStore.UNKNOWN, (long) length)) {
            assertThatThrownBy(() -> on(() ->
                            store.put(key, stream(new ByteArrayInputStream(bytes(length))), expected, length - 1)))
                    .isInstanceOf(BlobStoreException.TooLarge.class);
        }
        assertThat(listAll("p1")).isEmpty();
        // The limit itself is allowed.
        on(() -> store.put(key, stream(new ByteArrayInputStream(bytes(length))), BlobStore.UNKNOWN, length));
        assertThat(on(() -> store.size(key))).isEqualTo(length);
    }

    @Test
    void contentOfAnotherLengthThanAnnouncedLeavesNothing() {
        var key = BlobKey.fresh("p1");
        for (int announced : List.of(99, 101)) {
            assertThatThrownBy(() -> on(() ->
                            store.put(key, stream(new ByteArrayInputStream(bytes(100))), announced, Long.MAX_VALUE)))
                    .isInstanceOf(BlobStoreException.Truncated.class);
        }
        assertThat(listAll("p1")).isEmpty();
    }

    @Test
    void contentThatBreaksOffLeavesNothing() {
        breakOff();
    }

    void breakOff() {
        var key = BlobKey.fresh("p1");
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the client went away");
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return read();
            }
        };
        assertThatThrownBy(() -> on(() -> store.put(
                        key,
                        stream(new SequenceInputStream(new ByteArrayInputStream(bytes(11_000_000)), broken)),
                        BlobStore.UNKNOWN,
                        Long.MAX_VALUE)))
                .hasRootCauseMessage("the client went away");
        assertThat(listAll("p1")).isEmpty();
        assertThatThrownBy(() -> on(() -> store.size(key))).isInstanceOf(BlobStoreException.NotFound.class);
    }

    @Test
    void listingMeetsEveryBlobOfItsNamespaceOnce() {
        var keys = new HashSet<BlobKey>();
        for (int i = 0; i < 30; i++) {
            var key = BlobKey.fresh("p1");
            put(key, bytes(i));
            keys.add(key);
        }
        put(BlobKey.fresh("p10"), bytes(1));
        List<ListedBlob> all = listAll("p1");
        assertThat(all).hasSize(30);
        assertThat(all).extracting(ListedBlob::key).containsExactlyInAnyOrderElementsOf(keys);
        assertThat(all.stream().mapToLong(ListedBlob::length).sum()).isEqualTo(29 * 30 / 2);
        assertThat(all).allSatisfy(blob -> assertThat(blob.storedAt()).isAfter(java.time.Instant.EPOCH));
    }

    @Test
    void manyAtOnceDoNotMix() {
        var keys = new ArrayList<BlobKey>();
        List<Future<StoredBlob>> puts = new ArrayList<>();
        on(() -> {
            for (int i = 0; i < 40; i++) {
                byte[] content = bytes(20_000 + i);
                var key = BlobKey.fresh("p1");
                keys.add(key);
                puts.add(store.put(key, stream(new ByteArrayInputStream(content)), content.length, Long.MAX_VALUE));
            }
            return Future.all(puts);
        });
        for (int i = 0; i < keys.size(); i++) {
            assertThat(read(keys.get(i), 0, BlobStore.UNKNOWN)).isEqualTo(bytes(20_000 + i));
        }
    }

    @Test
    void aContentThatNobodyReadsCanBeClosed() {
        var key = BlobKey.fresh("p1");
        put(key, bytes(3_000_000));
        for (int i = 0; i < 100; i++) {
            on(() -> store.get(key, 0, BlobStore.UNKNOWN).map(content -> {
                content.close();
                return content.length();
            }));
        }
        assertThat(read(key, 0, BlobStore.UNKNOWN)).isEqualTo(bytes(3_000_000));
    }
}
