package dev.basalt.kit.http;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.basalt.kit.caller.Role;
import dev.basalt.kit.caller.TokenIssuer;
import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.schema.ProjectFactory.NewProject;
import dev.basalt.kit.usage.UsageFlusher;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class RequestChainTest {
    @Inject
    TestProjects projects;

    @Inject
    TokenIssuer tokens;

    @Inject
    ControlDatabase control;

    @Inject
    UsageFlusher usage;

    private NewProject a;
    private NewProject b;

    @BeforeEach
    void twoProjects() {
        a = projects.create("a-" + UUID.randomUUID().toString().substring(0, 8));
        b = projects.create("b-" + UUID.randomUUID().toString().substring(0, 8));
    }

    private String token(NewProject project, Instant expiry) {
        return tokens.sign(
                projects.project(project.ref()),
                Map.of(
                        "sub", UUID.randomUUID().toString(),
                        "role", "authenticated",
                        "session_id", UUID.randomUUID().toString(),
                        "iat", expiry.minusSeconds(3600).getEpochSecond(),
                        "exp", expiry.getEpochSecond()));
    }

    @Test
    void aPublishableKeyIsAnonymousAndASecretKeyIsTheService() {
        given().header("apikey", a.publishableKey())
                .get("/echo/key")
                .then()
                .statusCode(200)
                .body("project", equalTo(a.ref()), "role", equalTo("anon"))
                .header("x-request-id", notNullValue());
        given().header("apikey", a.secretKey().value())
                .get("/echo/secret")
                .then()
                .statusCode(200)
                .body("role", equalTo("service_role"));
        given().header("apikey", a.publishableKey()).get("/echo/secret").then().statusCode(403);
    }

    @Test
    void withoutAKeyOnlyOpenEndpointsAnswer() {
        given().header("Host", a.ref() + ".localhost")
                .get("/echo/open")
                .then()
                .statusCode(200)
                .body("project", equalTo(a.ref()));
        given().header("Host", a.ref() + ".localhost")
                .get("/echo/key")
                .then()
                .statusCode(401)
                .body("code", equalTo("no_api_key"));
    }

    @Test
    void aKeyOfAnotherProjectIsRefusedByTheHostsProject() {
        given().header("Host", a.ref() + ".localhost")
                .header("apikey", b.secretKey().value())
                .get("/echo/open")
                .then()
                .statusCode(401)
                .body("code", equalTo("invalid_api_key"));
        given().header("apikey", "sb_secret_unknown").get("/echo/open").then().statusCode(401);
    }

    @Test
    void aUsersTokenActsAsTheUserAndOnlyInItsProject() {
        var token = token(a, Instant.now().plusSeconds(600));
        for (var attempt = 0; attempt < 2; attempt++) {
            given().header("apikey", a.publishableKey())
                    .header("Authorization", "Bearer " + token)
                    .get("/echo/user")
                    .then()
                    .statusCode(200)
                    .body("role", equalTo("authenticated"), "user", notNullValue());
            given().header("apikey", b.publishableKey())
                    .header("Authorization", "Bearer " + token)
                    .get("/echo/user")
                    .then()
                    .statusCode(401)
                    .body("code", equalTo("foreign_token"));
        }
        given().header("apikey", a.publishableKey())
                .get("/echo/user")
                .then()
                .statusCode(401)
                .body("code", equalTo("token_required"));
    }

    @Test
    void anExpiredTokenIsRefused() {
        given().header("apikey", a.publishableKey())
                .header("Authorization", "Bearer " + token(a, Instant.now().minusSeconds(120)))
                .get("/echo/user")
                .then()
                .statusCode(401)
                .body("code", equalTo("expired_token"));
    }

    private static String text(String base64) {
        return new String(Base64.getUrlDecoder().decode(base64), UTF_8);
    }

    @Test
    void aTokenThatIsUnsignedOrSignedByAnotherProjectOrChangedIsRefused() {
        var good = token(a, Instant.now().plusSeconds(600)).split("\\.", -1);
        var payload = text(good[1]);
        var encoder = Base64.getUrlEncoder().withoutPadding();
        var none = encoder.encodeToString("{\"alg\":\"none\"}".getBytes(UTF_8)) + "." + good[1] + ".";
        var hmac = encoder.encodeToString("{\"alg\":\"HS256\",\"kid\":\"x\"}".getBytes(UTF_8)) + "." + good[1] + "."
                + good[2];
        var elevated = encoder.encodeToString(
                payload.replace("authenticated", "service_role").getBytes(UTF_8));
        var changed = good[0] + "." + elevated + "." + good[2];
        var foreign = token(b, Instant.now().plusSeconds(600)).split("\\.", -1);
        var renamed = encoder.encodeToString(
                text(foreign[1]).replace(b.ref(), a.ref()).getBytes(UTF_8));
        var wrongKey = foreign[0] + "." + renamed + "." + foreign[2];
        for (var token :
                new String[] {none, hmac, changed, wrongKey, "x", "a.b.c", "..", good[0] + "." + good[1] + "."}) {
            given().header("apikey", a.publishableKey())
                    .header("Authorization", "Bearer " + token)
                    .get("/echo/open")
                    .then()
                    .statusCode(401)
                    .body("code", equalTo("invalid_token"));
        }
    }

    @Test
    void jwtKeysStandInForOpaqueOnes() {
        var anon = tokens.apiKey(projects.project(a.ref()), Role.ANON);
        var service = tokens.apiKey(projects.project(a.ref()), Role.SERVICE);
        given().header("apikey", anon)
                .header("Authorization", "Bearer " + anon)
                .get("/echo/key")
                .then()
                .statusCode(200)
                .body("project", equalTo(a.ref()), "role", equalTo("anon"));
        given().header("apikey", service).get("/echo/secret").then().statusCode(200);
        given().header("Host", b.ref() + ".localhost")
                .header("apikey", service)
                .get("/echo/secret")
                .then()
                .statusCode(401);
    }

    @Test
    void theDatabaseSeesTheCallersRoleAndTheRequest() {
        given().header("apikey", a.publishableKey())
                .get("/echo/database")
                .then()
                .statusCode(200)
                .body("user", equalTo("anon"), "role", equalTo("anon"), "path", equalTo("/echo/database"));
    }

    @Test
    void aBrokenEndpointTellsNothingPrivate() {
        given().header("apikey", a.publishableKey())
                .get("/echo/broken")
                .then()
                .statusCode(500)
                .contentType("application/problem+json")
                .body("code", equalTo("internal_error"))
                .body(not(containsString("private")));
    }

    @Test
    void bodiesAreJsonWithinTheLimit() {
        var json = given().header("apikey", a.publishableKey()).contentType("application/json");
        json.body("{\"x\":1}").post("/echo/json").then().statusCode(200).body("x", equalTo(1));
        json.body("{\"x\":").post("/echo/json").then().statusCode(400).body("code", equalTo("malformed_json"));
        json.body("[1]").post("/echo/json").then().statusCode(400);
        json.body(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'})
                .post("/echo/json")
                .then()
                .statusCode(400);
        json.body(" ".repeat(998) + "{}").post("/echo/json").then().statusCode(200);
        json.body(" ".repeat(999) + "{}").post("/echo/json").then().statusCode(413);
        given().header("apikey", a.publishableKey())
                .contentType("text/plain")
                .body("{}")
                .post("/echo/json")
                .then()
                .statusCode(415);
        given().header("apikey", a.publishableKey()).get("/echo/key").then().statusCode(200);
    }

    @Test
    void everyRequestIsCountedOnceAndLogged() {
        var project = projects.project(a.ref());
        for (var i = 0; i < 20; i++) {
            given().header("apikey", a.publishableKey())
                    .get("/echo/database")
                    .then()
                    .statusCode(200);
        }
        given().header("apikey", a.publishableKey()).get("/echo/secret").then().statusCode(403);
        TestProjects.await(usage.flush());
        var sums = TestProjects.await(control.query(
                        "select sum(requests)::bigint, sum(errors)::bigint, sum(database_us)::bigint, sum(bytes_out)::bigint"
                                + " from usage_minutes where project_id = $1",
                        Tuple.of(project.id())))
                .iterator()
                .next();
        assertThat(sums.getLong(0)).isEqualTo(21);
        assertThat(sums.getLong(1)).isEqualTo(1);
        assertThat(sums.getLong(2)).isPositive();
        assertThat(sums.getLong(3)).isPositive();
        var logged = TestProjects.await(
                control.query("select count(*) from request_log where project_id = $1", Tuple.of(project.id())));
        assertThat(logged.iterator().next().getLong(0)).isEqualTo(21);
    }

    @Test
    void preflightsNeedNoKey() {
        given().header("Origin", "https://app.example")
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "apikey,authorization")
                .options("/echo/json")
                .then()
                .statusCode(204)
                .header("Access-Control-Allow-Origin", "*")
                .header("Access-Control-Allow-Headers", "apikey,authorization");
        given().get("/echo/nothing").then().statusCode(404).body("code", nullValueOr("project_not_found"));
    }

    private static org.hamcrest.Matcher<Object> nullValueOr(String value) {
        return org.hamcrest.Matchers.anyOf(nullValue(), equalTo((Object) value));
    }

    @Test
    void aRevokedKeyIsRefusedAtOnceByNotification() {
        given().header("apikey", a.publishableKey()).get("/echo/key").then().statusCode(200);
        TestProjects.await(
                control.query("update api_keys set revoked_at = now() where value = $1", Tuple.of(a.publishableKey())));
        org.awaitility.Awaitility.await()
                .untilAsserted(() -> given().header("apikey", a.publishableKey())
                        .get("/echo/key")
                        .then()
                        .statusCode(401));
    }

    @Test
    void aJsonBodyIsTakenAsItIs() {
        var body = new JsonObject().put("text", "\u00e9\ud83d\ude00");
        given().header("apikey", a.publishableKey())
                .contentType("application/json")
                .body(body.encode())
                .post("/echo/json")
                .then()
                .statusCode(200)
                .body("text", equalTo("\u00e9\ud83d\ude00"));
    }
}
