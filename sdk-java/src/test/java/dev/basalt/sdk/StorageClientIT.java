package dev.basalt.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.sdk.error.StorageException;
import dev.basalt.sdk.storage.BucketOptions;
import dev.basalt.sdk.storage.UploadOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** Objects against a running Basalt. */
@EnabledIfEnvironmentVariable(
        named = RunningBasalt.URL_VARIABLE,
        matches = "http.+",
        disabledReason = RunningBasalt.SKIPPED)
class StorageClientIT {
    private static final String BUCKET = "sdk-" + RunningBasalt.RUN;

    private BasaltClient ann;
    private BasaltClient bob;

    @BeforeAll
    static void createBuckets() throws Exception {
        RunningBasalt.sql("""
                create policy "%1$s read" on storage.objects for select to authenticated
                    using (bucket_id = '%1$s' and owner_id = auth.uid()::text);
                create policy "%1$s write" on storage.objects for insert to authenticated
                    with check (bucket_id = '%1$s' and owner_id = auth.uid()::text);
                create policy "%1$s replace" on storage.objects for update to authenticated
                    using (bucket_id = '%1$s' and owner_id = auth.uid()::text);
                create policy "%1$s delete" on storage.objects for delete to authenticated
                    using (bucket_id = '%1$s' and owner_id = auth.uid()::text);
                """.formatted(BUCKET));
        try (BasaltClient service = RunningBasalt.service()) {
            service.storage().createBucket(BUCKET, BucketOptions.ofPrivate());
            service.storage().createBucket(BUCKET + "-public", BucketOptions.ofPublic());
        }
    }

    @AfterAll
    static void removeBuckets() throws Exception {
        for (String policy : List.of("read", "write", "replace", "delete")) {
            RunningBasalt.sql("drop policy \"%s %s\" on storage.objects".formatted(BUCKET, policy));
        }
        try (BasaltClient service = RunningBasalt.service()) {
            for (String bucket : List.of(BUCKET, BUCKET + "-public")) {
                service.storage().emptyBucket(bucket);
                service.storage().deleteBucket(bucket);
            }
        }
    }

    @BeforeEach
    void signTwoUsersUp() {
        ann = RunningBasalt.signedUp();
        bob = RunningBasalt.signedUp();
    }

    @AfterEach
    void close() {
        ann.close();
        bob.close();
    }

    @Test
    void objectsComeBackByteForByte(@TempDir Path directory) throws Exception {
        byte[] content = new byte[3_000_000];
        new Random(7).nextBytes(content);
        Path file = Files.write(directory.resolve("in.bin"), content);
        var bucket = ann.storage().bucket(BUCKET);
        String path = ann.auth().session().orElseThrow().user().id() + "/a dir/a b+c (1).bin";

        assertThat(bucket.upload(path, file, UploadOptions.of("application/octet-stream"))
                        .key())
                .isEqualTo(BUCKET + "/" + path);
        assertThat(bucket.download(path)).isEqualTo(content);
        assertThat(Files.readAllBytes(bucket.download(path, directory.resolve("out.bin"))))
                .isEqualTo(content);

        assertThat(refusedStorage(() -> bucket.upload(path, content, UploadOptions.of("text/plain")))
                        .status())
                .isEqualTo(409);
        assertThat(bucket.upload(
                                path,
                                new byte[] {1, 2},
                                UploadOptions.of("text/plain").replacing())
                        .key())
                .endsWith(path);
        assertThat(bucket.download(path)).containsExactly(1, 2);

        assertThat(bob.storage().bucket(BUCKET).remove(path)).isZero();
        assertThat(refusedStorage(() -> bob.storage().bucket(BUCKET).download(path))
                        .status())
                .isEqualTo(404);
        assertThat(bucket.remove(path)).isEqualTo(1);
        Path untouched = Files.writeString(directory.resolve("kept.bin"), "kept");
        assertThat(refusedStorage(() -> bucket.download(path, untouched)).status())
                .isEqualTo(404);
        assertThat(untouched).hasContent("kept");
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("in.bin", "out.bin", "kept.bin");
    }

    @Test
    void linksWorkForWhomTheyAreMeant() throws Exception {
        byte[] content = {9, 8, 7};
        ann.storage().bucket(BUCKET).upload("to sign (1).bin", content, UploadOptions.of("image/png"));
        URI signed = ann.storage().bucket(BUCKET).createSignedUrl("to sign (1).bin", Duration.ofMinutes(1));
        HttpResponse<byte[]> read = get(signed);
        assertThat(read.statusCode()).isEqualTo(200);
        assertThat(read.body()).isEqualTo(content);
        assertThat(read.headers().firstValue("content-type")).contains("image/png");
        String link = signed.toString();
        char last = link.charAt(link.length() - 5);
        URI tampered = URI.create(
                link.substring(0, link.length() - 5) + (last == 'A' ? 'B' : 'A') + link.substring(link.length() - 4));
        assertThat(get(tampered).statusCode()).isBetween(400, 403);
        assertThat(get(ann.storage().bucket(BUCKET).publicUrl("to sign (1).bin"))
                        .statusCode())
                .isBetween(400, 404);

        try (BasaltClient service = RunningBasalt.service()) {
            var open = service.storage().bucket(BUCKET + "-public");
            open.upload("open.bin", content, UploadOptions.of("image/png").cachedFor(Duration.ofHours(1)));
            assertThat(get(open.publicUrl("open.bin")).body()).isEqualTo(content);
            assertThat(service.storage().buckets()).anyMatch(b -> b.id().equals(BUCKET + "-public") && b.isPublic());
        }
    }

    private static StorageException refusedStorage(Runnable call) {
        try {
            call.run();
        } catch (StorageException refused) {
            return refused;
        }
        throw new AssertionError("the call was not refused");
    }

    private static HttpResponse<byte[]> get(URI url) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofByteArray());
        }
    }
}
