package dev.basalt.control;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.project.ProjectDirectory;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class PlatformApiTest {
    private static final String PROJECTS = "/platform/v1/projects";

    @Inject
    ControlDatabase control;

    @Inject
    ProjectDirectory directory;

    private static RequestSpecification operator() {
        return given().header("apikey", BasaltTestResource.PLATFORM_KEY).contentType("application/json");
    }

    private static RequestSpecification with(String key) {
        return given().header("apikey", key).contentType("application/json");
    }

    private static JsonPath create() {
        return operator()
                .body("{\"ref\":\"t-%s\",\"name\":\"A test\"}"
                        .formatted(UUID.randomUUID().toString().substring(0, 8)))
                .post(PROJECTS)
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();
    }

    private long count(String sql) {
        return TestProjects.await(control.query(sql, Tuple.tuple()))
                .iterator()
                .next()
                .getLong(0);
    }

    @Test
    void aProjectIsMadeWithKeysThatWorkAtOnce() {
        var made = create();
        with(made.getString("secretKey"))
                .get(PROJECTS + "/" + made.getString("ref"))
                .then()
                .statusCode(200)
                .body("name", equalTo("A test"), "status", equalTo("active"));
        operator()
                .get(PROJECTS + "?limit=1000")
                .then()
                .statusCode(200)
                .body("projects.ref", hasItem(made.getString("ref")));
        operator().body("{}").post(PROJECTS).then().statusCode(201).body("ref", not(nullValue()));
    }

    @Test
    void keysAreStoredAsHashesOnly() {
        var made = create();
        assertThat(count("select count(*) from api_keys where position('sb_secret' in api_keys::text) > 0"))
                .isZero();
        with(made.getString("secretKey"))
                .get(PROJECTS + "/" + made.getString("ref") + "/keys")
                .then()
                .body("keys.find { it.kind == 'secret' }.value", nullValue())
                .body("keys.find { it.kind == 'publishable' }.value", equalTo(made.getString("publishableKey")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"ref\":\"-a\"}",
                "{\"ref\":\"A\"}",
                "{\"ref\":\"a_b\"}",
                "{\"ref\":\"../x\"}",
                "{\"ref\":7}",
                "{\"ref\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}",
                "{\"ref\":\"ok\",\"name\":\"\"}",
                "{\"ref\":\"ok\",\"name\":\"a\\u0000b\"}",
                "{\"ref\":\"ok\",\"name\":[]}"
            })
    void aProjectWithAnInvalidFieldIsRefusedAndNotMade(String body) {
        var before = count("select count(*) from projects");
        operator().body(body).post(PROJECTS).then().statusCode(422).body("code", equalTo("invalid_field"));
        assertThat(count("select count(*) from projects")).isEqualTo(before);
    }

    @Test
    void onlyTheOperatorMakesListsAndDeletesProjects() {
        var made = create();
        var ref = made.getString("ref");
        var before = count("select count(*) from projects");
        for (var key : new String[] {made.getString("secretKey"), made.getString("publishableKey")}) {
            with(key).body("{}").post(PROJECTS).then().statusCode(403);
            with(key).get(PROJECTS).then().statusCode(403);
            with(key).delete(PROJECTS + "/" + ref).then().statusCode(403);
            with(key)
                    .body("{\"status\":\"paused\"}")
                    .patch(PROJECTS + "/" + ref)
                    .then()
                    .statusCode(403);
        }
        given().get(PROJECTS).then().statusCode(org.hamcrest.Matchers.oneOf(401, 404));
        with("basalt_platform_wrong").get(PROJECTS).then().statusCode(401);
        assertThat(count("select count(*) from projects where status <> 'active' and ref = '" + ref + "'"))
                .isZero();
        assertThat(count("select count(*) from projects")).isEqualTo(before);
    }

    @Test
    void aProjectsServerAdministersThatProjectAlone() {
        var own = create();
        var other = create();
        var key = own.getString("secretKey");
        for (var path : new String[] {"", "/keys", "/keys/jwt", "/usage", "/functions", "/functions/x/invocations"}) {
            with(key).get(PROJECTS + "/" + other.getString("ref") + path).then().statusCode(404);
            with(own.getString("publishableKey"))
                    .get(PROJECTS + "/" + own.getString("ref") + path)
                    .then()
                    .statusCode(403);
        }
        with(key)
                .body("{\"kind\":\"secret\"}")
                .post(PROJECTS + "/" + other.getString("ref") + "/keys")
                .then()
                .statusCode(404);
        assertThat(TestProjects.await(directory.byRef(other.getString("ref")))
                        .orElseThrow()
                        .keys())
                .hasSize(2);
    }

    @Test
    void aKeyIsMadeAndRevokedAtOnceButNeverTheLastSecretOne() {
        var made = create();
        var keys = PROJECTS + "/" + made.getString("ref") + "/keys";
        var second = with(made.getString("secretKey"))
                .body("{\"kind\":\"secret\"}")
                .post(keys)
                .then()
                .statusCode(201)
                .body("value", startsWith("sb_secret_"))
                .extract()
                .jsonPath();
        await().untilAsserted(
                        () -> with(second.getString("value")).get(keys).then().statusCode(200));
        var first = with(second.getString("value"))
                .get(keys)
                .jsonPath()
                .getString("keys.findAll { it.kind == 'secret' }[0].id");
        with(second.getString("value")).delete(keys + "/" + first).then().statusCode(204);
        await().untilAsserted(
                        () -> with(made.getString("secretKey")).get(keys).then().statusCode(401));
        with(second.getString("value"))
                .delete(keys + "/" + second.getString("id"))
                .then()
                .statusCode(409)
                .body("code", equalTo("last_secret_key"));
        with(second.getString("value"))
                .delete(keys + "/" + UUID.randomUUID())
                .then()
                .statusCode(404);
        with(second.getString("value")).delete(keys + "/nonsense").then().statusCode(404);
        with(second.getString("value"))
                .body("{\"kind\":\"x\"}")
                .post(keys)
                .then()
                .statusCode(422);
    }

    @Test
    void theJwtFormsOfTheKeysWork() {
        var made = create();
        var path = PROJECTS + "/" + made.getString("ref");
        var jwt = with(made.getString("secretKey")).get(path + "/keys/jwt").jsonPath();
        with(jwt.getString("serviceRole")).get(path).then().statusCode(200);
        with(jwt.getString("anon")).get(path).then().statusCode(403);
    }

    @Test
    void aPausedProjectAnswersNothingUntilItIsResumed() {
        var made = create();
        var path = PROJECTS + "/" + made.getString("ref");
        operator()
                .body("{\"status\":\"paused\"}")
                .patch(path)
                .then()
                .statusCode(200)
                .body("status", equalTo("paused"));
        await().untilAsserted(() -> with(made.getString("secretKey"))
                .get(path)
                .then()
                .statusCode(503)
                .header("Retry-After", equalTo("60")));
        operator().body("{\"status\":\"active\"}").patch(path).then().statusCode(200);
        await().untilAsserted(
                        () -> with(made.getString("secretKey")).get(path).then().statusCode(200));
        operator().body("{\"status\":\"gone\"}").patch(path).then().statusCode(422);
        operator().body("{\"name\":\"New\"}").patch(path).then().statusCode(200).body("name", equalTo("New"));
        operator().body("{}").patch(path).then().statusCode(422);
        operator().body("{\"name\":\"New\"}").patch(PROJECTS + "/nobody").then().statusCode(404);
    }

    @Test
    void aDeletedProjectKeepsItsDataForTheGraceTimeAndCanBeTakenUpAgain() {
        var made = create();
        var path = PROJECTS + "/" + made.getString("ref");
        operator().delete(path).then().statusCode(202).body("status", equalTo("deleting"));
        await().untilAsserted(
                        () -> with(made.getString("secretKey")).get(path).then().statusCode(401));
        assertThat(count(
                        "select count(*) from project_databases d join projects p on p.id = d.project_id where p.ref = '"
                                + made.getString("ref") + "'"))
                .isEqualTo(1);
        operator().body("{\"status\":\"active\"}").patch(path).then().statusCode(200);
        await().untilAsserted(
                        () -> with(made.getString("secretKey")).get(path).then().statusCode(200));
        operator().delete(PROJECTS + "/default").then().statusCode(409);
    }

    @Test
    void usageShowsWhatWasDoneBySeriesAndTotal() {
        var made = create();
        var path = PROJECTS + "/" + made.getString("ref");
        for (var i = 0; i < 3; i++) {
            with(made.getString("secretKey")).get(path).then().statusCode(200);
        }
        with(made.getString("publishableKey")).get(path).then().statusCode(403);
        for (var granularity : new String[] {"minute", "hour", "day"}) {
            operator()
                    .get(path + "/usage?granularity=" + granularity)
                    .then()
                    .statusCode(200)
                    .body("totals.requests", equalTo(4), "totals.errors", equalTo(1))
                    .body("series", hasSize(1))
                    .body("series[0].operation", equalTo("project.show"));
        }
        operator()
                .get(path + "/usage?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z")
                .then()
                .statusCode(200)
                .body("series", hasSize(0));
        for (var query : new String[] {
            "granularity=week",
            "from=yesterday",
            "from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
            "granularity=minute&from=2020-01-01T00:00:00Z"
        }) {
            operator().get(path + "/usage?" + query).then().statusCode(422);
        }
    }
}
