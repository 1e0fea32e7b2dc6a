package dev.basalt.storage;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.basalt.kit.blob.BlobStore;
import dev.basalt.kit.blob.ListedBlob;
import dev.basalt.kit.caller.TokenIssuer;
import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.project.Project;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.kit.schema.ProjectFactory.NewProject;
import dev.basalt.kit.secret.Secret;
import dev.basalt.storage.sweep.BlobSweeper;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.quarkus.test.common.WithTestResource;
import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;

/** What tests of the storage API share: a project of their own with two buckets, and clients' calls. */
@WithTestResource(BasaltTestResource.class)
abstract class StorageTest {
    static final UUID ANN = UUID.randomUUID();
    static final UUID BOB = UUID.randomUUID();

    @Inject
    TestProjects projects;

    @Inject
    TokenIssuer tokens;

    @Inject
    ProjectDatabases databases;

    @Inject
    BlobStore blobs;

    @Inject
    BlobSweeper sweeper;

    NewProject project = new NewProject(ANN, "", "", new Secret(""));

    @BeforeEach
    void aProjectWithBuckets() {
        project = projects.create("s-" + UUID.randomUUID().toString().substring(0, 8));
        bucket("private", new JsonObject());
        bucket("open", new JsonObject().put("public", true));
        // Everybody signed in owns the folder of his id.
        sql("""
                create policy own on storage.objects for all to authenticated
                using (bucket_id = 'private' and (storage.foldername(name))[1] = auth.uid()::text)
                with check (bucket_id = 'private' and (storage.foldername(name))[1] = auth.uid()::text)""");
    }

    void sql(String statement) {
        TestProjects.await(databases.owner(
                RequestContext.internal("test", theProject(), 0),
                connection -> connection.query(statement).execute()));
    }

    Project theProject() {
        return projects.project(project.ref());
    }

    void bucket(String name, JsonObject settings) {
        secret().contentType("application/json")
                .body(settings.copy().put("name", name).encode())
                .post("/storage/v1/bucket")
                .then()
                .statusCode(200)
                .body("name", equalTo(name));
    }

    static RequestSpecification plain() {
        // REST Assured would add a charset to every content type.
        return given().urlEncodingEnabled(false)
                .config(RestAssured.config()
                        .encoderConfig(EncoderConfig.encoderConfig()
                                .appendDefaultContentCharsetToContentTypeIfUndefined(false)));
    }

    RequestSpecification secret() {
        return plain().header("apikey", project.secretKey().value());
    }

    RequestSpecification anonymous() {
        return plain().header("apikey", project.publishableKey());
    }

    RequestSpecification open() {
        return plain().header("Host", project.ref() + ".localhost");
    }

    RequestSpecification as(UUID user) {
        Instant now = Instant.now();
        String token = tokens.sign(
                theProject(),
                Map.of(
                        "sub", user.toString(),
                        "role", "authenticated",
                        "session_id", UUID.randomUUID().toString(),
                        "iat", now.getEpochSecond(),
                        "exp", now.plusSeconds(600).getEpochSecond()));
        return anonymous().header("Authorization", "Bearer " + token);
    }

    void upload(String bucket, String name, byte[] content) {
        secret().contentType("text/plain")
                .body(content)
                .post("/storage/v1/object/" + bucket + "/" + name)
                .then()
                .statusCode(200);
    }

    static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    List<ListedBlob> blobsOfProject() {
        return TestProjects.await(blobs.list(theProject().id().toString(), null, 1000));
    }

    long rows() {
        return TestProjects.await(databases.platformQuery(
                        RequestContext.internal("test", theProject(), 0),
                        "select count(*) from storage.objects",
                        Tuple.tuple()))
                .iterator()
                .next()
                .getLong(0);
    }

    void assertNothingWasStored() {
        assertThat(rows()).isZero();
        await().atMost(Duration.ofSeconds(5)).until(() -> blobsOfProject().isEmpty());
    }
}
