package dev.basalt.functions.invoke;

import static dev.basalt.functions.Deployer.deploy;
import static dev.basalt.functions.Deployer.put;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.schema.ProjectFactory.NewProject;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class InvokeResourceTest {
    @Inject
    TestProjects projects;

    @Inject
    ControlDatabase control;

    @Inject
    InvocationLogbook logbook;

    private NewProject project;

    @BeforeEach
    void newProject() {
        project = projects.create("f-" + UUID.randomUUID().toString().substring(0, 8));
    }

    @Test
    void aDeployedFunctionAnswersByAnyVerbAndBelowItsPath() {
        deploy(project, "echo", """
                export default { async fetch(request, env, ctx) {
                  const url = new URL(request.url);
                  return Response.json({ method: request.method, path: url.pathname, q: url.searchParams.get('q'),
                    body: await request.text(), custom: request.headers.get('x-custom'), role: ctx.caller.role, mode: env.MODE },
                    { status: 202, headers: { 'x-answer': 'yes' } });
                } };
                """, "{\"env\":{\"MODE\":\"test\"}}");
        for (String method : new String[] {"POST", "PUT", "PATCH", "DELETE"}) {
            given().urlEncodingEnabled(false)
                    .header("apikey", project.publishableKey())
                    .header("x-custom", "1")
                    .contentType("application/json")
                    .body("{\"a\":1}")
                    .request(method, "/functions/v1/echo/deep/path?q=a%20b")
                    .then()
                    .statusCode(202)
                    .header("x-answer", "yes")
                    .header("x-relay-error", nullValue())
                    .body(
                            "method", equalTo(method),
                            "path", equalTo("/functions/v1/echo/deep/path"),
                            "q", equalTo("a b"),
                            "body", equalTo("{\"a\":1}"),
                            "custom", equalTo("1"),
                            "role", equalTo("anon"),
                            "mode", equalTo("test"));
        }
        given().header("apikey", project.publishableKey())
                .head("/functions/v1/echo")
                .then()
                .statusCode(202);
    }

    @Test
    void aKeyIsNeededUnlessTheFunctionIsPublic() {
        var source = "export default { fetch: (r, e, ctx) => new Response('hi ' + ctx.caller.role) };";
        deploy(project, "closed", source, "{}");
        deploy(project, "open", source, "{\"public\":true}");
        given().header("Host", project.ref() + ".localhost")
                .get("/functions/v1/closed")
                .then()
                .statusCode(401);
        given().header("Host", project.ref() + ".localhost")
                .get("/functions/v1/open")
                .then()
                .statusCode(200)
                .body(equalTo("hi anon"));
        given().header("apikey", project.secretKey().value())
                .get("/functions/v1/closed")
                .then()
                .statusCode(200)
                .body(equalTo("hi service_role"));
    }

    @Test
    void anotherProjectsFunctionIsNotThere() {
        deploy(project, "mine", "export default { fetch: () => new Response('mine') };", "{}");
        NewProject other = projects.create("g-" + UUID.randomUUID().toString().substring(0, 8));
        given().header("apikey", other.publishableKey())
                .get("/functions/v1/mine")
                .then()
                .statusCode(404)
                .header("x-relay-error", "true")
                .body("code", equalTo("function_not_found"));
        given().header("apikey", other.secretKey().value())
                .delete("/platform/v1/projects/" + project.ref() + "/functions/mine")
                .then()
                .statusCode(404);
        given().header("apikey", project.publishableKey())
                .get("/functions/v1/mine")
                .then()
                .statusCode(200);
    }

    @Test
    void whatTheCodeThrewStaysInTheRecord() {
        deploy(
                project,
                "bad",
                "export default { fetch() { console.log('about to fail'); throw new Error('secret detail'); } };",
                "{}");
        given().header("apikey", project.publishableKey())
                .get("/functions/v1/bad")
                .then()
                .statusCode(500)
                .contentType("application/problem+json")
                .header("x-relay-error", nullValue())
                .body("code", equalTo("function_failed"))
                .body(not(containsString("secret detail")));
        TestProjects.await(logbook.flush());
        var row = TestProjects.await(control.query(
                        "select outcome, error, logs, kind, billed_ms, memory_mb from invocations where project_id = $1",
                        Tuple.of(project.id())))
                .iterator()
                .next();
        assertThat(row.getString(0)).isEqualTo("exception");
        assertThat(row.getJson(1).toString()).contains("secret detail", "index.js:1");
        assertThat(row.getJson(2).toString()).contains("about to fail");
        assertThat(row.getString(3)).isEqualTo("http");
        assertThat(row.getLong(4)).isPositive();
    }

    @Test
    void aStreamThatBreaksIsAnErrorBeforeItsFirstByteAndAnEndBehindIt() {
        deploy(project, "breaks", """
                export default { fetch(request) {
                  let left = Number(new URL(request.url).searchParams.get('after'));
                  const body = new ReadableStream({ pull(to) {
                    if (left-- > 0) to.enqueue(new TextEncoder().encode('part'));
                    else to.error(new Error('secret detail'));
                  } });
                  return new Response(body, { status: 201, headers: { 'x-own': 'own', 'content-type': 'text/html' } });
                } };""", "{}");
        given().header("apikey", project.publishableKey())
                .get("/functions/v1/breaks?after=0")
                .then()
                .statusCode(500)
                .contentType("application/problem+json")
                .header("x-own", nullValue())
                .header("x-request-id", notNullValue())
                .header("x-basalt-invocation", notNullValue())
                .body("code", equalTo("function_failed"))
                .body(not(containsString("secret detail")));
        assertThatThrownBy(() -> given().header("apikey", project.publishableKey())
                        .get("/functions/v1/breaks?after=1")
                        .asString())
                .isInstanceOf(IOException.class);
    }

    @Test
    void headersThatNoClientTakesAreAnError() {
        deploy(
                project,
                "headers",
                "export default { fetch: () => new Response('', { headers: { 'x-own': 'x'.repeat(70000) } }) };",
                "{}");
        given().header("apikey", project.publishableKey())
                .get("/functions/v1/headers")
                .then()
                .statusCode(500)
                .header("x-own", nullValue())
                .body("code", equalTo("function_failed"));
    }

    @Test
    void aFunctionOverItsTimeIsA504AndTheNextCallWorks() {
        deploy(
                project,
                "slow",
                "export default { async fetch(r) { if (r.method === 'POST') while (true) {} return new Response('ok'); } };",
                "{\"timeoutMs\":200}");
        given().header("apikey", project.publishableKey())
                .post("/functions/v1/slow")
                .then()
                .statusCode(504)
                .header("x-relay-error", "true");
        given().header("apikey", project.publishableKey())
                .get("/functions/v1/slow")
                .then()
                .statusCode(200);
    }

    @Test
    void anAnswerThatFlowsNothingInItsTimeIsA504() {
        deploy(
                project,
                "silent",
                "export default { fetch: () => new Response(new ReadableStream({ pull: () => new Promise((d) => setTimeout(d, 60000)) })) };",
                "{\"timeoutMs\":200}");
        get("silent").statusCode(504).header("x-relay-error", "true").body("code", equalTo("function_timeout"));
    }

    @Test
    void deployingAgainReplacesAndDeletingRemoves() {
        deploy(project, "v", "export default { fetch: () => new Response('one') };", "{}");
        get("v").statusCode(200).body(equalTo("one"));
        deploy(project, "v", "export default { fetch: () => new Response('two') };", "{}");
        org.awaitility.Awaitility.await()
                .untilAsserted(() -> get("v").statusCode(200).body(equalTo("two")));
        given().header("apikey", project.secretKey().value())
                .get("/platform/v1/projects/" + project.ref() + "/functions")
                .then()
                .statusCode(200)
                .body("functions[0].name", equalTo("v"), "functions[0].version", equalTo(2));
        given().header("apikey", project.secretKey().value())
                .delete("/platform/v1/projects/" + project.ref() + "/functions/v")
                .then()
                .statusCode(204);
        org.awaitility.Awaitility.await().untilAsserted(() -> get("v").statusCode(404));
    }

    private io.restassured.response.ValidatableResponse get(String name) {
        return given().header("apikey", project.publishableKey())
                .get("/functions/v1/" + name)
                .then();
    }

    @Test
    void filesThatDoNotCompileAreRefusedWithTheirPlace() {
        put(
                        project,
                        "broken",
                        new JsonObject(Map.of("index.js", "import './a.js';", "a.js", "let x = 1;\nlet = ;")),
                        new JsonObject())
                .statusCode(422)
                .body("code", equalTo("build_failed"), "file", equalTo("a.js"), "line", equalTo(2));
        given().header("apikey", project.publishableKey())
                .get("/functions/v1/broken")
                .then()
                .statusCode(404);
    }

    @Test
    void badUploadsAreRefused() {
        var good = new JsonObject(Map.of("index.js", "export default {};"));
        put(project, "x", new JsonObject(Map.of("../a.js", "")), new JsonObject())
                .statusCode(422);
        put(project, "x", new JsonObject(Map.of("/a.js", "")), new JsonObject()).statusCode(422);
        put(project, "x", new JsonObject(Map.of("a\u0000.js", "")), new JsonObject())
                .statusCode(422);
        put(project, "x", new JsonObject(), new JsonObject()).statusCode(422);
        put(project, "x", good, new JsonObject("{\"timeoutMs\":0}")).statusCode(422);
        put(project, "x", good, new JsonObject("{\"timeoutMs\":150001}")).statusCode(422);
        put(project, "x", good, new JsonObject("{\"unknown\":1}")).statusCode(422);
        put(project, "x", good, new JsonObject("{\"runtime\":\"php\"}")).statusCode(422);
        put(project, "x", good, new JsonObject("{\"entrypoint\":\"nope.js\"}")).statusCode(422);
        put(project, "bad.name", good, new JsonObject()).statusCode(422);
        put(
                        project,
                        "x",
                        good,
                        new JsonObject(
                                "{\"triggers\":[{\"on\":\"table\",\"table\":\"public.none\",\"when\":\"after\",\"events\":[\"insert\"]}]}"))
                .statusCode(422);
        given().header("apikey", project.publishableKey())
                .contentType("application/json")
                .body("{}")
                .put("/platform/v1/projects/" + project.ref() + "/functions/x")
                .then()
                .statusCode(403);
        given().header("apikey", project.secretKey().value())
                .get("/platform/v1/projects/" + project.ref() + "/functions/x")
                .then()
                .statusCode(404);
    }

    @Test
    void aTarballIsTakenAndHostileOnesAreNot() throws Exception {
        byte[] good = tarGz(
                entry("./index.js", '0', "export { default } from './lib/a.js';"),
                entry("lib/", '5', ""),
                entry("lib/a.js", '0', "export default { fetch: () => new Response('from a tarball') };"),
                entry("basalt.function.json", '0', "{\"timeoutMs\":500}"));
        upload("tar", good).statusCode(201).body("manifest.timeoutMs", equalTo(500), "checked", equalTo(true));
        get("tar").statusCode(200).body(equalTo("from a tarball"));
        upload("t", tarGz(entry("index.js", '2', ""))).statusCode(422).body("code", equalTo("invalid_artifact"));
        upload("t", tarGz(entry("index.js", '1', ""))).statusCode(422);
        upload("t", tarGz(entry("../index.js", '0', "x"))).statusCode(422);
        upload("t", tarGz(entry("a/../../index.js", '0', "x"))).statusCode(422);
        upload("t", "no archive".getBytes(StandardCharsets.UTF_8)).statusCode(422);
        upload("t", Arrays.copyOf(good, good.length / 2)).statusCode(422);
        // More than is allowed of nothing, in some kilobytes.
        upload("t", tarGz(entry("index.js", '0', "x".repeat(11 << 20)))).statusCode(413);
    }

    private io.restassured.response.ValidatableResponse upload(String name, byte[] body) {
        return given().header("apikey", project.secretKey().value())
                .contentType("application/gzip")
                .body(body)
                .put("/platform/v1/projects/" + project.ref() + "/functions/" + name)
                .then();
    }

    private static byte[] entry(String name, char type, String content) {
        byte[] data = content.getBytes(StandardCharsets.UTF_8);
        byte[] block = new byte[512 + (data.length + 511) / 512 * 512];
        System.arraycopy(name.getBytes(StandardCharsets.UTF_8), 0, block, 0, name.length());
        byte[] size = "%011o".formatted(data.length).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(size, 0, block, 124, size.length);
        block[156] = (byte) type;
        System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, block, 257, 5);
        System.arraycopy(data, 0, block, 512, data.length);
        return block;
    }

    private static byte[] tarGz(byte[]... entries) throws Exception {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            for (byte[] entry : entries) {
                gzip.write(entry);
            }
            gzip.write(new byte[1024]);
        }
        return out.toByteArray();
    }

    @Test
    void aBodyThatNobodyReadsEndsWellOverHttp2() throws Exception {
        deploy(
                project,
                "unread",
                "export default { fetch: () => new Response('short and stout', { status: 418 }) };",
                "{}");
        try (var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            // The first request asks for HTTP/2, so the others are of it; one without a body has no length there.
            for (var body : List.of("{}", "", "x".repeat(100_000), "x".repeat(300_000))) {
                var request = HttpRequest.newBuilder(
                                URI.create("http://localhost:" + RestAssured.port + "/functions/v1/unread"))
                        .header("apikey", project.publishableKey())
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
                assertThat(client.send(request, HttpResponse.BodyHandlers.ofString())
                                .statusCode())
                        .isEqualTo(418);
            }
        }
    }
}
