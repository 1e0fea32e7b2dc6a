package dev.basalt.kit.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minio.ListMultipartUploadsArgs;
import io.minio.MinioAsyncClient;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3BlobStoreTest extends BlobStoreContract {
    @TempDir
    static Path directory = Path.of("");

    private static @Nullable S3Proxy running;
    private static int buckets;

    @Override
    BlobStore open() throws Exception {
        buckets++;
        return new S3BlobStore(vertx, config(s3().getPort(), Map.of()), METERS);
    }

    @BeforeAll
    static void startS3() throws Exception {
        startS3(0);
    }

    private static void startS3(int port) throws Exception {
        var properties = new Properties();
        properties.setProperty(
                "jclouds.filesystem.basedir",
                Files.createDirectories(directory.resolve("s3")).toString());
        properties.setProperty("jclouds.identity", "access");
        properties.setProperty("jclouds.credential", "secret");
        running = S3Proxy.builder()
                .blobStore(BlobStores.create("filesystem-nio2", properties))
                .endpoint(URI.create("http://127.0.0.1:" + port))
                .awsAuthentication(AuthenticationType.AWS_V4, "access", "secret")
                .build();
        s3().start();
    }

    private static S3Proxy s3() {
        return Objects.requireNonNull(running);
    }

    @AfterAll
    static void stopS3() throws Exception {
        s3().stop();
    }

    private static S3Config config(int port, Map<String, String> more) {
        var builder = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(S3Config.class)
                .withDefaultValue("basalt.s3.endpoint", "http://127.0.0.1:" + port)
                .withDefaultValue("basalt.s3.access-key", "access")
                .withDefaultValue("basalt.s3.secret-key", "secret")
                .withDefaultValue("basalt.s3.bucket", "bucket" + buckets)
                .withDefaultValue("basalt.s3.part-size", "5M");
        more.forEach(builder::withDefaultValue);
        return builder.build().getConfigMapping(S3Config.class);
    }

    @Test
    void anAbortedMultipartUploadLeavesNoPartsBehind() throws Exception {
        breakOff();
        var client = MinioAsyncClient.builder()
                .endpoint("http://127.0.0.1:" + s3().getPort())
                .credentials("access", "secret")
                .region("us-east-1")
                .build();
        var uploads = client.listMultipartUploads(ListMultipartUploadsArgs.builder()
                        .bucket("bucket" + buckets)
                        .build())
                .get(10, TimeUnit.SECONDS)
                .result()
                .uploads();
        assertThat(uploads).isNullOrEmpty();
    }

    @Test
    void anS3ThatIsNotThereIsUnavailableSoon() throws Exception {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (var away = new S3BlobStore(vertx, config(port, Map.of()), METERS)) {
            long begin = System.nanoTime();
            assertUnavailable(away);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void anS3ThatNeverAnswersIsUnavailableAfterTheTimeout() throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var stuck = new S3BlobStore(
                        vertx,
                        config(
                                silent.getLocalPort(),
                                Map.of("basalt.s3.read-timeout", "0.3S", "basalt.s3.attempts", "2")),
                        METERS)) {
            assertUnavailable(stuck);
        }
    }

    @Test
    void aWrongSecretIsUnavailableNotMissing() {
        try (var wrong =
                new S3BlobStore(vertx, config(s3().getPort(), Map.of("basalt.s3.secret-key", "other")), METERS)) {
            assertUnavailable(wrong);
        }
    }

    private static void assertUnavailable(BlobStore broken) {
        assertThatThrownBy(() -> on(() -> broken.put(
                        BlobKey.fresh("p1"), stream(new ByteArrayInputStream(bytes(10))), 10, Long.MAX_VALUE)))
                .isInstanceOf(BlobStoreException.Unavailable.class);
        assertThatThrownBy(() -> on(() -> broken.get(BlobKey.fresh("p1"), 0, BlobStore.UNKNOWN)))
                .isInstanceOf(BlobStoreException.Unavailable.class);
    }

    @Test
    void theStoreComesBackWhenTheS3Does() throws Exception {
        var key = BlobKey.fresh("p1");
        put(key, bytes(10));
        int port = s3().getPort();
        s3().stop();
        assertUnavailable(store);
        startS3(port);
        assertThat(read(key, 0, BlobStore.UNKNOWN)).isEqualTo(bytes(10));
    }

    @Test
    void uploadsBeyondTheMemoryBudgetWaitTheirTurn() {
        try (var narrow =
                new S3BlobStore(vertx, config(s3().getPort(), Map.of("basalt.s3.upload-memory", "10M")), METERS)) {
            var puts = new java.util.ArrayList<io.vertx.core.Future<StoredBlob>>();
            on(() -> {
                for (int i = 0; i < 6; i++) {
                    puts.add(narrow.put(
                            BlobKey.fresh("p1"),
                            stream(new ByteArrayInputStream(bytes(6_000_000))),
                            BlobStore.UNKNOWN,
                            Long.MAX_VALUE));
                }
                return io.vertx.core.Future.all(puts);
            });
            assertThat(puts).allMatch(io.vertx.core.Future::succeeded);
        }
    }
}
