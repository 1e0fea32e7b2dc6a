package dev.basalt.storage;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.basalt.kit.blob.BlobStore;
import dev.basalt.kit.database.ProjectDatabases;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.kit.schema.ProjectFactory.NewProject;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(BasaltTestResource.class)
@WithTestResource(SmallDiskResource.class)
class FullDiskTest {
    @Inject
    BlobStore blobs;

    @Inject
    TestProjects projects;

    @Inject
    ProjectDatabases databases;

    private NewProject aProject() {
        NewProject project = projects.create("f-" + UUID.randomUUID().toString().substring(0, 8));
        given().header("apikey", project.secretKey().value())
                .contentType("application/json")
                .body("{\"name\":\"b\"}")
                .post("/storage/v1/bucket")
                .then()
                .statusCode(200);
        return project;
    }

    private long rows(NewProject project) {
        return TestProjects.await(databases.platformQuery(
                        RequestContext.internal("test", projects.project(project.ref()), 0),
                        "select count(*) from storage.objects",
                        Tuple.tuple()))
                .iterator()
                .next()
                .getLong(0);
    }

    @Test
    void anUploadToAFullDiskLeavesNeitherRowNorBlobAndTheNextOneThatFitsWorks() {
        Assumptions.assumeTrue(SmallDiskResource.isRoot(), "SKIPPED: only root can mount a small file system to fill");
        NewProject project = aProject();
        given().header("apikey", project.secretKey().value())
                .body(new byte[2_000_000])
                .post("/storage/v1/object/b/large")
                .then()
                .statusCode(507)
                .body("statusCode", equalTo("507"));
        assertThat(rows(project)).isZero();
        assertThat(TestProjects.await(
                        blobs.list(projects.project(project.ref()).id().toString(), null, 10)))
                .isEmpty();
        given().header("apikey", project.secretKey().value())
                .body(new byte[500_000])
                .post("/storage/v1/object/b/fits")
                .then()
                .statusCode(200);
        assertThat(rows(project)).isEqualTo(1);
    }
}
