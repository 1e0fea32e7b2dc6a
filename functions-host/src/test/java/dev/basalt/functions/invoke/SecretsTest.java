package dev.basalt.functions.invoke;

import static dev.basalt.functions.Deployer.deploy;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.schema.ProjectFactory.NewProject;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Secrets of functions: who may set them, who sees them, and where their values must not turn up. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class SecretsTest {
    private static final String VALUE = "s3cr3t \"quoted\" value";

    @Inject
    TestProjects projects;

    @Inject
    ControlDatabase control;

    @Inject
    InvocationLogbook logbook;

    private NewProject project;

    @BeforeEach
    void newProject() {
        project = projects.create("s-" + UUID.randomUUID().toString().substring(0, 8));
    }

    private ValidatableResponse send(String method, String path, JsonObject body) {
        return send(project.secretKey().value(), project.ref(), method, path, body);
    }

    private static ValidatableResponse send(String key, String ref, String method, String path, JsonObject body) {
        var request = given().header("apikey", key);
        return (body.isEmpty()
                        ? request
                        : request.contentType("application/json").body(body.encode()))
                .request(method, "/platform/v1/projects/" + ref + "/secrets" + path)
                .then();
    }

    private static JsonObject value(String value) {
        return new JsonObject().put("value", value);
    }

    private String call(String name) {
        return given().header("apikey", project.publishableKey())
                .get("/functions/v1/" + name)
                .then()
                .statusCode(200)
                .extract()
                .asString();
    }

    @Test
    void aFunctionFindsTheSecretsItListsAndANewValueAtOnce() {
        send("PUT", "/TOKEN", value("first-value")).statusCode(201).body("name", equalTo("TOKEN"));
        send("PUT", "/OTHER", value("unlisted")).statusCode(201);
        deploy(
                project,
                "f",
                "export default { fetch: (r, env) => Response.json([env.TOKEN, env.OTHER ?? null, env.PLAIN]) };",
                "{\"secrets\": [\"TOKEN\"], \"env\": {\"PLAIN\": \"p\"}}");
        assertThat(call("f")).isEqualTo("[\"first-value\",null,\"p\"]");
        send("PUT", "/TOKEN", value("second-value")).statusCode(200);
        await().untilAsserted(() -> assertThat(call("f")).isEqualTo("[\"second-value\",null,\"p\"]"));
        send("DELETE", "/TOKEN", new JsonObject()).statusCode(204);
        await().untilAsserted(() -> assertThat(call("f")).isEqualTo("[null,null,\"p\"]"));
        send("DELETE", "/TOKEN", new JsonObject()).statusCode(404).body("code", equalTo("secret_not_found"));
    }

    @Test
    void deployingNamesSecretsThatAreMissing() {
        dev.basalt.functions.Deployer.put(
                        project,
                        "f",
                        new JsonObject().put("index.js", "export default {};"),
                        new JsonObject("{\"secrets\": [\"NONE\"]}"))
                .statusCode(201)
                .body("missingSecrets", contains("NONE"));
    }

    @Test
    void aValueIsNeverToldAndLiesEncrypted() {
        send("PUT", "/TOKEN", value(VALUE)).statusCode(201);
        var listed = send("GET", "", new JsonObject())
                .statusCode(200)
                .body("secrets.name", contains("TOKEN"))
                .extract()
                .asString();
        assertThat(listed).doesNotContain("s3cr3t");
        var stored = control.query("select value from function_secrets", Tuple.tuple())
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        stored.forEach(row -> assertThat(new String(row.getBuffer(0).getBytes(), StandardCharsets.ISO_8859_1))
                .doesNotContain("s3cr3t"));
        deploy(project, "f", "export default {};", "{\"secrets\": [\"TOKEN\"]}");
        var shown = given().header("apikey", project.secretKey().value())
                .get("/platform/v1/projects/" + project.ref() + "/functions/f")
                .asString();
        assertThat(shown).contains("TOKEN").doesNotContain("s3cr3t");
    }

    @Test
    void whatAFunctionPrintsAndThrowsIsRedacted() {
        send("PUT", "/TOKEN", value(VALUE)).statusCode(201);
        send("PUT", "/PEM", value("-----BEGIN KEY-----\nabcdefghijkl\n-----END KEY-----"))
                .statusCode(201);
        deploy(project, "leaky", """
                export default { async fetch(request, env) {
                  console.log('the token is ' + env.TOKEN);
                  console.log(JSON.stringify({ token: env.TOKEN }));
                  console.log(env.PEM.split('\\n')[1]);
                  console.log('harmless');
                  throw new Error('failed with ' + env.TOKEN);
                } };
                """, "{\"secrets\": [\"TOKEN\", \"PEM\"]}");
        given().header("apikey", project.publishableKey())
                .get("/functions/v1/leaky")
                .then()
                .statusCode(500);
        logbook.flush().toCompletionStage().toCompletableFuture().join();
        var records = given().header("apikey", project.secretKey().value())
                .get("/platform/v1/projects/" + project.ref() + "/functions/leaky/invocations")
                .then()
                .body("invocations", hasSize(1))
                .extract()
                .asString();
        assertThat(records)
                .contains("the token is [secret]", "harmless", "failed with [secret]")
                .doesNotContain("s3cr3t", "abcdefghijkl");
    }

    @Test
    void badSecretsAreRefused() {
        for (var name : new String[] {"A-B", "1A", "A.B", "A".repeat(129)}) {
            send("PUT", "/" + name, value("x")).statusCode(422).body("code", equalTo("invalid_secret"));
        }
        send("PUT", "/A", new JsonObject().put("value", 1)).statusCode(422);
        send("PUT", "/A", value("")).statusCode(422);
        send("PUT", "/A", value("a\0b")).statusCode(422);
        send("PUT", "/A", value("x").put("more", 1)).statusCode(422);
        send("PUT", "/A", value("x".repeat(16 * 1024 + 1))).statusCode(422);
        send("PUT", "/A", value("x".repeat(16 * 1024))).statusCode(201);
        send("PUT", "/A", value("x".repeat(200 * 1024))).statusCode(413);
    }

    @Test
    void nobodyElseSetsOrSeesThem() {
        send("PUT", "/TOKEN", value(VALUE)).statusCode(201);
        var stranger = projects.create("x-" + UUID.randomUUID().toString().substring(0, 8));
        for (var key : new String[] {
            project.publishableKey(),
            stranger.publishableKey(),
            stranger.secretKey().value()
        }) {
            for (var method : new String[] {"GET", "PUT", "DELETE"}) {
                var answer = send(
                                key,
                                project.ref(),
                                method,
                                method.equals("GET") ? "" : "/TOKEN",
                                method.equals("PUT") ? value("stolen") : new JsonObject())
                        .extract();
                assertThat(answer.statusCode()).isIn(401, 403, 404);
                assertThat(answer.asString()).doesNotContain("TOKEN\"");
            }
        }
        deploy(
                project,
                "f",
                "export default { fetch: (r, env) => new Response(env.TOKEN) };",
                "{\"secrets\": [\"TOKEN\"]}");
        assertThat(call("f")).isEqualTo(VALUE);
        // The stranger's function lists the same name, and finds nothing.
        deploy(
                stranger,
                "f",
                "export default { fetch: (r, env) => new Response(String(env.TOKEN)) };",
                "{\"secrets\": [\"TOKEN\"]}");
        assertThat(given().header("apikey", stranger.publishableKey())
                        .get("/functions/v1/f")
                        .asString())
                .isEqualTo("undefined");
    }
}
