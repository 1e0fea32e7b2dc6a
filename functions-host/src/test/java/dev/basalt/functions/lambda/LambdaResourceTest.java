package dev.basalt.functions.lambda;

import static dev.basalt.functions.Deployer.deploy;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.basalt.functions.invoke.InvocationLogbook;
import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.schema.ProjectFactory.NewProject;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What AWS' own client sees is in conformance/lambda; here is what it must not see, and what is stored. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class LambdaResourceTest {
    private static final String PATH = "/2015-03-31/functions/{name}/invocations";
    private static final String SIGNED =
            "AWS4-HMAC-SHA256 Credential=%s/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host;x-amz-date, Signature="
                    + "0".repeat(64);

    @Inject
    TestProjects projects;

    @Inject
    ControlDatabase control;

    @Inject
    InvocationLogbook logbook;

    private NewProject project;

    @BeforeEach
    void newProjectWithAFunction() {
        project = projects.create("l-" + UUID.randomUUID().toString().substring(0, 8));
        deploy(project, "f", """
                export function onEvent(event, ctx) {
                  console.log('got', JSON.stringify(event));
                  if (event.fail) { throw new RangeError('no good'); }
                  return { echoed: event, kind: ctx.kind, invocation: ctx.invocation };
                }""", "{\"timeoutMs\":500}");
    }

    private RequestSpecification secret() {
        return given().header("apikey", project.secretKey().value());
    }

    @Test
    void aCallIsAnsweredWithTheEndOfItsLogOnRequest() {
        var answer = secret().header("X-Amz-Log-Type", "Tail")
                .body("{\"a\":1}")
                .post(PATH, "f")
                .then()
                .statusCode(200)
                .header("X-Amz-Executed-Version", "1")
                .header("X-Amz-Function-Error", nullValue())
                .body("echoed.a", equalTo(1), "kind", equalTo("invoke"))
                .extract();
        var log = new String(Base64.getDecoder().decode(answer.header("X-Amz-Log-Result")), StandardCharsets.UTF_8);
        var id = answer.header("x-amzn-RequestId");
        assertThat(log).contains("START RequestId: " + id, "got {\"a\":1}", "REPORT RequestId: " + id);
        assertThat(log.length()).isLessThanOrEqualTo(4096);
        assertThat(answer.jsonPath().getString("invocation")).isEqualTo(id);
        secret().post(PATH, "f").then().statusCode(200).body("echoed", equalTo(java.util.Map.of()));
    }

    @Test
    void aFunctionsOwnFailureIsAnAnswer() {
        secret().body("{\"fail\":true}")
                .post(PATH, "f")
                .then()
                .statusCode(200)
                .header("X-Amz-Function-Error", "Unhandled")
                .body("errorType", equalTo("RangeError"), "errorMessage", equalTo("no good"), "trace", notNullValue());
        deploy(project, "slow", "export const onEvent = () => { while (true); };", "{\"timeoutMs\":200}");
        secret().post(PATH, "slow")
                .then()
                .statusCode(200)
                .header("X-Amz-Function-Error", "Unhandled")
                .body("errorType", equalTo("Sandbox.Timedout"));
    }

    @Test
    void versionsAliasesAndArnsNameAFunction() {
        for (var name : new String[] {
            "f",
            "f:1",
            "f:live",
            "f:$LATEST",
            "arn:aws:lambda:us-east-1:123456789012:function:f",
            "123456789012:function:f:1"
        }) {
            secret().post(PATH, name).then().statusCode(200).header("X-Amz-Executed-Version", "1");
        }
        secret().queryParam("Qualifier", "1").post(PATH, "f").then().statusCode(200);
        secret().queryParam("Qualifier", "$LATEST").post(PATH, "f").then().statusCode(200);
        for (var name : new String[] {"none", "f:7", "f:none"}) {
            secret().post(PATH, name)
                    .then()
                    .statusCode(404)
                    .header("x-amzn-ErrorType", "ResourceNotFoundException")
                    .body("Type", equalTo("User"), "message", containsString("not found"));
        }
        secret().queryParam("Qualifier", "live").post(PATH, "f:1").then().statusCode(400);
        secret().post(PATH, "a.b").then().statusCode(400).header("x-amzn-ErrorType", "InvalidParameterValueException");
    }

    @Test
    void badRequestsAreRefusedAndRunNothing() {
        secret().body("nonsense")
                .post(PATH, "f")
                .then()
                .statusCode(400)
                .header("x-amzn-ErrorType", "InvalidRequestContentException");
        secret().body("[1]").post(PATH, "f").then().statusCode(400);
        secret().header("X-Amz-Invocation-Type", "Now").post(PATH, "f").then().statusCode(400);
        secret().header("X-Amz-Log-Type", "All").post(PATH, "f").then().statusCode(400);
        secret().header("X-Amz-Invocation-Type", "Event")
                .body("{\"a\":\"" + "x".repeat(256 << 10) + "\"}")
                .post(PATH, "f")
                .then()
                .statusCode(413)
                .header("x-amzn-ErrorType", "RequestTooLargeException");
        secret().body("{\"a\":\"" + "x".repeat(6 << 20) + "\"}")
                .post(PATH, "f")
                .then()
                .statusCode(413);
        nothingRan();
    }

    @Test
    void withoutASecretKeyOrItsSignatureNothingRuns() {
        given().header("Host", project.ref() + ".localhost")
                .post(PATH, "f")
                .then()
                .statusCode(403)
                .header("x-amzn-ErrorType", "MissingAuthenticationTokenException");
        given().header("apikey", project.publishableKey())
                .post(PATH, "f")
                .then()
                .statusCode(403)
                .header("x-amzn-ErrorType", "AccessDeniedException");
        var keyId = awsAccessKeyId();
        given().header("Host", project.ref() + ".localhost")
                .header("Authorization", SIGNED.formatted("AKIDEXAMPLE"))
                .post(PATH, "f")
                .then()
                .statusCode(403)
                .header("x-amzn-ErrorType", "UnrecognizedClientException");
        for (var date : new String[] {"20260101T000000Z", "now"}) {
            given().header("Host", project.ref() + ".localhost")
                    .header("Authorization", SIGNED.formatted(keyId))
                    .header("x-amz-date", date)
                    .post(PATH, "f")
                    .then()
                    .statusCode(403);
        }
        var now = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
                .withZone(ZoneOffset.UTC)
                .format(Instant.now());
        given().header("Host", project.ref() + ".localhost")
                .header("Authorization", SIGNED.formatted(keyId).replace("20260101", now.substring(0, 8)))
                .header("x-amz-date", now)
                .post(PATH, "f")
                .then()
                .statusCode(403)
                .header("x-amzn-ErrorType", "InvalidSignatureException");
        given().header("Host", project.ref() + ".localhost")
                .header("Authorization", "AWS4-HMAC-SHA256 nonsense")
                .post(PATH, "f")
                .then()
                .statusCode(403)
                .header("x-amzn-ErrorType", "IncompleteSignatureException");
        nothingRan();
    }

    private String awsAccessKeyId() {
        var keys =
                secret().get("/platform/v1/projects/" + project.ref() + "/keys").jsonPath();
        var secretId = keys.getString("keys.find { it.kind == 'secret' }.id");
        var publishableId = keys.getString("keys.find { it.kind == 'publishable' }.id");
        secret().post("/platform/v1/projects/" + project.ref() + "/keys/" + publishableId + "/aws-credentials")
                .then()
                .statusCode(404);
        given().header("apikey", project.publishableKey())
                .post("/platform/v1/projects/" + project.ref() + "/keys/" + secretId + "/aws-credentials")
                .then()
                .statusCode(403);
        return secret().post("/platform/v1/projects/" + project.ref() + "/keys/" + secretId + "/aws-credentials")
                .then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .extract()
                .path("accessKeyId");
    }

    @Test
    void aDryRunRunsNothing() {
        secret().header("X-Amz-Invocation-Type", "DryRun")
                .post(PATH, "f")
                .then()
                .statusCode(204);
        secret().header("X-Amz-Invocation-Type", "DryRun")
                .post(PATH, "none")
                .then()
                .statusCode(404);
        nothingRan();
    }

    @Test
    void aQueuedCallIsDeliveredAndItsRecordNamesIt() {
        var id = secret().header("X-Amz-Invocation-Type", "Event")
                .body("{\"n\":5}")
                .post(PATH, "f")
                .then()
                .statusCode(202)
                .body(equalTo(""))
                .extract()
                .header("x-amzn-RequestId");
        await().untilAsserted(() -> {
            TestProjects.await(logbook.flush());
            secret().get("/platform/v1/projects/" + project.ref() + "/invocations")
                    .then()
                    .body(
                            "invocations[0].kind", equalTo("async"),
                            "invocations[0].outcome", equalTo("ok"),
                            "invocations[0].eventId", equalTo(id),
                            "invocations[0].logs[0].text", equalTo("got {\"n\":5}"));
        });
        var remembered = TestProjects.await(
                control.query("select count(*) from queueing_projects where project_id = $1", Tuple.of(project.id())));
        assertThat(remembered.iterator().next().getLong(0)).isEqualTo(1);
    }

    private void nothingRan() {
        TestProjects.await(logbook.flush());
        var count = TestProjects.await(
                control.query("select count(*) from invocations where project_id = $1", Tuple.of(project.id())));
        assertThat(count.iterator().next().getLong(0)).isZero();
    }
}
