package dev.basalt.kit.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileBlobStoreTest extends BlobStoreContract {
    @TempDir
    Path directory;

    @Override
    BlobStore open() {
        return open(directory.resolve("blobs"));
    }

    private static FileBlobStore open(Path where) {
        return new FileBlobStore(vertx, where, 4, 256, true, METERS);
    }

    private static List<Path> files(Path where) throws IOException {
        try (var files = Files.walk(where)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".lock"))
                    .toList();
        }
    }

    @Test
    void whatADeadProcessLeftIsClearedAndALivingOnesIsNot() throws Exception {
        Path unfinished = directory.resolve("blobs/unfinished");
        Path dead = Files.createDirectory(unfinished.resolve("dead"));
        Files.createFile(unfinished.resolve("dead.lock"));
        Files.write(dead.resolve("p1.rest"), bytes(10));
        Path mine;
        try (var entries = Files.list(unfinished)) {
            mine = entries.filter(Files::isDirectory)
                    .filter(entry -> !entry.equals(dead))
                    .findAny()
                    .orElseThrow();
        }
        try (var second = open(directory.resolve("blobs"))) {
            assertThat(second).isNotNull();
            assertThat(dead).doesNotExist();
            assertThat(mine).exists();
            var key = BlobKey.fresh("p1");
            put(key, bytes(10));
            // Both see one store.
            assertThat(on(() -> second.size(key))).isEqualTo(10);
        }
    }

    @Test
    void nobodyElseMayReadTheFiles() throws Exception {
        put(BlobKey.fresh("p1"), bytes(1));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("blobs/objects"))))
                .isEqualTo("rwx------");
    }

    @Test
    void afterAFailureNoFileIsLeft() throws Exception {
        breakOff();
        assertThat(files(directory)).isEmpty();
    }

    @Test
    void aKeyUsedTwiceIsRefusedAndTheFirstContentStays() {
        var key = BlobKey.fresh("p1");
        put(key, bytes(10));
        assertThatThrownBy(() -> put(key, bytes(20))).isInstanceOf(BlobStoreException.Unavailable.class);
        assertThat(read(key, 0, BlobStore.UNKNOWN)).isEqualTo(bytes(10));
    }

    @Test
    void aFullDiskIsNamedSoAndTheNextUploadFitsAgain() throws Exception {
        Assumptions.assumeTrue(
                Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid")),
                "SKIPPED: only root can mount a small file system to fill");
        Path small = Files.createDirectory(directory.resolve("small"));
        run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString());
        try (var full = open(small)) {
            for (long announced : List.of(BlobStore.UNKNOWN, 2_000_000L)) {
                assertThatThrownBy(() -> on(() -> full.put(
                                BlobKey.fresh("p1"),
                                stream(new ByteArrayInputStream(bytes(2_000_000))),
                                announced,
                                Long.MAX_VALUE)))
                        .isInstanceOf(BlobStoreException.Full.class);
                assertThat(files(small)).isEmpty();
            }
            on(() -> full.put(BlobKey.fresh("p1"), stream(new ByteArrayInputStream(bytes(500_000))), 500_000, 500_000));
        } finally {
            run("umount", small.toString());
        }
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 2_000_000})
    void aResponseGetsTheRangeAndItsLength(int length) {
        var key = BlobKey.fresh("p1");
        put(key, bytes(length));
        var server = on(() -> vertx.createHttpServer()
                .requestHandler(request ->
                        store.get(key, 2, length - 4L).compose(content -> content.sendTo(request.response())))
                .listen(0, "127.0.0.1"));
        Buffer body = on(() -> vertx.createHttpClient()
                .request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/")
                .compose(HttpClientRequest::send)
                .compose(response -> {
                    assertThat(response.getHeader("content-length")).isEqualTo(Integer.toString(length - 4));
                    return response.body();
                }));
        assertThat(body.getBytes()).isEqualTo(Arrays.copyOfRange(bytes(length), 2, length - 2));
        on(server::close);
    }

    @Test
    void moreWaitingWorkThanTheQueueHoldsIsUnavailable() {
        Vertx own = Vertx.vertx();
        try (var narrow = new FileBlobStore(own, directory.resolve("narrow"), 1, 1, true, METERS)) {
            List<Future<Long>> sizes = on(() -> {
                var asked = new java.util.ArrayList<Future<Long>>();
                for (int i = 0; i < 2000; i++) {
                    asked.add(narrow.size(BlobKey.fresh("p1")));
                }
                return Future.join(asked).otherwiseEmpty().map(asked);
            });
            assertThat(sizes).anyMatch(size -> size.cause() instanceof BlobStoreException.Unavailable);
            assertThat(sizes).anyMatch(size -> size.cause() instanceof BlobStoreException.NotFound);
        } finally {
            own.close();
        }
    }
}
