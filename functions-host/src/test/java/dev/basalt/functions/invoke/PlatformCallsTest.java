package dev.basalt.functions.invoke;

import static dev.basalt.functions.Deployer.deploy;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import dev.basalt.functions.Echo;
import dev.basalt.kit.caller.TokenIssuer;
import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.project.ProjectDirectory;
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
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Functions over HTTP: bodies that flow, and calls of Basalt's own APIs in the caller's name. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class PlatformCallsTest {
    private static final String WHO = """
            export default { async fetch(request, env, ctx) {
              return Response.json({ caller: ctx.caller, depth: ctx.depth, headers: [...request.headers.keys()], id: ctx.requestId, got: await request.text() });
            } };
            """;

    @Inject
    TestProjects projects;

    @Inject
    ProjectDirectory directory;

    @Inject
    TokenIssuer issuer;

    @Inject
    ControlDatabase control;

    @Inject
    InvocationLogbook logbook;

    private NewProject project;

    @BeforeEach
    void newProject() {
        project = projects.create("c-" + UUID.randomUUID().toString().substring(0, 8));
        deploy(project, "who", WHO, "{}");
    }

    @Test
    void aFunctionCallsAnotherInItsCallersName() {
        deploy(
                project,
                "front",
                "export default { async fetch(request, env, ctx) { return Response.json(await ctx.functions.invoke('who', { a: 1 })); } };",
                "{}");
        JsonObject anonymous = json("front", project.publishableKey(), null);
        assertThat(anonymous.getJsonObject("caller").getString("role")).isEqualTo("anon");
        assertThat(anonymous.getInteger("depth")).isEqualTo(1);
        assertThat(anonymous.getString("got")).isEqualTo("{\"a\":1}");

        UUID user = UUID.randomUUID();
        JsonObject signedIn = json("front", project.publishableKey(), token(user));
        assertThat(signedIn.getJsonObject("caller").getString("role")).isEqualTo("authenticated");
        assertThat(signedIn.getJsonObject("caller").getString("id")).isEqualTo(user.toString());

        JsonObject server = json("front", project.secretKey().value(), null);
        assertThat(server.getJsonObject("caller").getString("role")).isEqualTo("service_role");
    }

    @Test
    void theServicesRightsAreForThoseWhoWereGrantedThem() {
        String source =
                "export default { async fetch(request, env, ctx) { try { return Response.json(await ctx.service.functions.invoke('who')); } catch (e) { return Response.json({ refused: e.message }); } } };";
        deploy(project, "plain", source, "{}");
        deploy(project, "granted", source, "{\"grants\":{\"service\":true}}");
        assertThat(json("plain", project.publishableKey(), null).getString("refused"))
                .contains("does not grant");
        assertThat(json("granted", project.publishableKey(), null)
                        .getJsonObject("caller")
                        .getString("role"))
                .isEqualTo("service_role");
    }

    @Test
    void whoAsksIsNotTheFunctionsToSay() {
        deploy(
                project,
                "liar",
                "export default { async fetch(request, env, ctx) { const r = await ctx.fetch('/functions/v1/who', { method: 'POST', headers: { apikey: 'sb_secret_x', authorization: 'Bearer y',"
                        + " 'x-basalt-cause': 'AAAA', 'x-request-id': 'mine', host: 'other.example' } }); const far = await ctx.fetch('http://evil.example/').catch((e) => e.name);"
                        + " return Response.json({ ...(await r.json()), far }); } };",
                "{}");
        JsonObject got = json("liar", project.publishableKey(), null);
        assertThat(got.getJsonObject("caller").getString("role")).isEqualTo("anon");
        assertThat(got.getInteger("depth")).isEqualTo(1);
        assertThat(got.getString("id")).isNotEqualTo("mine");
        assertThat(got.getString("far")).isEqualTo("TypeError");
    }

    @Test
    void functionsThatCallThemselvesAreCutOff() {
        deploy(
                project,
                "loop",
                "export default { async fetch(request, env, ctx) { const r = await ctx.fetch('/functions/v1/loop', { method: 'POST' }); return new Response(r.ok ? await r.text() : `${ctx.depth} ${r.status} ${(await r.json()).code}`); } };",
                "{\"maxInstances\":20}");
        given().header("apikey", project.publishableKey())
                .post("/functions/v1/loop")
                .then()
                .statusCode(200)
                .body(equalTo("7 508 function_loop"));
    }

    @Test
    void anEdgeFunctionFindsItsBackendUnderTheNamesItKnows() {
        deploy(
                project,
                "edge",
                "Deno.serve(async (request) => { const r = await fetch(Deno.env.get('SUPABASE_URL') + '/functions/v1/who', { method: 'POST', headers: { apikey: Deno.env.get('SUPABASE_ANON_KEY'), authorization: request.headers.get('authorization') ?? '' } });"
                        + " const none = await fetch(Deno.env.get('BASALT_URL') + '/functions/v1/who', { method: 'POST' }); return Response.json({ ...(await r.json()), none: (await none.json()).caller.role }); });",
                "{}");
        UUID user = UUID.randomUUID();
        JsonObject got = json("edge", project.publishableKey(), token(user));
        assertThat(got.getJsonObject("caller").getString("id")).isEqualTo(user.toString());
        assertThat(got.getInteger("depth")).isEqualTo(1);
        assertThat(got.getString("none")).isEqualTo("anon");
    }

    @Test
    void aRedirectOfThePlatformsLeadsNowhereByItself() {
        deploy(
                project,
                "away",
                "export default { fetch: () => Response.redirect('http://127.0.0.1:" + RestAssured.port
                        + "/platform/v1/projects') };",
                "{\"public\":true}");
        deploy(
                project,
                "follows",
                "export default { async fetch(request, env, ctx) { const a = await ctx.fetch('/functions/v1/away'); const b = await fetch(env.BASALT_URL + '/functions/v1/away'); return new Response(`${a.status} ${b.status}`); } };",
                "{}");
        given().header("apikey", project.publishableKey())
                .get("/functions/v1/follows")
                .then()
                .statusCode(200)
                .body(equalTo("302 302"));
    }

    @Test
    void anAnswerFlowsToTheClientAsItIsMade() throws IOException {
        deploy(
                project,
                "sse",
                "export default { fetch() { let n = 0; return new Response(new ReadableStream({ async pull(c) { if (n === 3) return c.close(); await new Promise((d) => setTimeout(d, 30)); c.enqueue(new TextEncoder().encode(`data: ${n++}\\n\\n`)); } }),"
                        + " { headers: { 'content-type': 'text/event-stream' } }); } };",
                "{}");
        given().header("apikey", project.publishableKey())
                .get("/functions/v1/sse")
                .then()
                .statusCode(200)
                .header("content-type", containsString("text/event-stream"))
                .body(equalTo("data: 0\n\ndata: 1\n\ndata: 2\n\n"));
        given().header("apikey", project.publishableKey())
                .head("/functions/v1/sse")
                .then()
                .statusCode(200)
                .body(equalTo(""));
    }

    @Test
    void aLargeRequestFlowsIn() throws IOException {
        deploy(
                project,
                "count",
                "export default { async fetch(request) { let n = 0; for await (const part of request.body) n += part.length; return new Response(String(n)); } };",
                "{}");
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(RestAssured.baseURI + ":" + RestAssured.port + "/functions/v1/count")
                        .toURL()
                        .openConnection();
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setChunkedStreamingMode(65536);
        connection.setRequestProperty("apikey", project.publishableKey());
        connection.setRequestProperty("content-type", "application/octet-stream");
        try (OutputStream out = connection.getOutputStream()) {
            byte[] piece = new byte[1 << 20];
            for (int i = 0; i < 40; i++) {
                out.write(piece);
            }
        }
        try (InputStream in = connection.getInputStream()) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(Integer.toString(40 << 20));
        }
    }

    /** The rest of a request was thrown away as soon as its answer began. */
    @Test
    void aRequestFlowsOnBehindTheBeginningOfItsAnswer() throws IOException {
        deploy(project, "echo", "export default { fetch: (request) => new Response(request.body) };", "{}");
        Echo.flowsBothWays(project, "echo");
    }

    @Test
    void aBrokenAnswerIsCutNotFinished() throws IOException {
        deploy(
                project,
                "broken",
                "export default { fetch() { let n = 0; return new Response(new ReadableStream({ async pull(c) { if (n++) { await new Promise((d) => setTimeout(d, 50)); throw new Error('no'); } c.enqueue(new TextEncoder().encode('some')); } })); } };",
                "{}");
        String answer = raw(
                "GET /functions/v1/broken HTTP/1.1\r\nhost: x\r\napikey: " + project.publishableKey() + "\r\n\r\n",
                false);
        assertThat(answer).contains("HTTP/1.1 200", "some").doesNotContain("\r\n0\r\n\r\n");
    }

    @Test
    void aClientThatLeavesEndsItsInvocation() throws IOException {
        deploy(
                project,
                "left",
                "export default { fetch(request) { request.signal.addEventListener('abort', () => console.log('client left'));"
                        + " return new Response(new ReadableStream({ async pull(c) { await new Promise((d) => setTimeout(d, 20)); c.enqueue(new Uint8Array(10)); } })); } };",
                "{\"timeoutMs\":60000}");
        raw("GET /functions/v1/left HTTP/1.1\r\nhost: x\r\napikey: " + project.publishableKey() + "\r\n\r\n", true);
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            logbook.flush().toCompletionStage().toCompletableFuture().join();
            String logs = control.query(
                            "select coalesce(string_agg(logs::text, ' '), '') from invocations i join projects p on p.id = i.project_id where p.ref = $1 and function_name = 'left'",
                            Tuple.of(project.ref()))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join()
                    .iterator()
                    .next()
                    .getString(0);
            assertThat(logs).contains("client left");
        });
    }

    @Test
    void theInternetIsOutOfReachWithoutAList() {
        deploy(
                project,
                "out",
                "export default { async fetch() { try { await fetch('http://127.0.0.1:" + RestAssured.port
                        + "/platform/v1/projects'); return new Response('reached'); } catch (e) { return new Response(e.name); } } };",
                "{\"egress\":[\"127.0.0.1:" + RestAssured.port + "\"]}");
        given().header("apikey", project.publishableKey())
                .get("/functions/v1/out")
                .then()
                .statusCode(200)
                .body(not(containsString("reached")))
                .body(equalTo("TypeError"));
    }

    private JsonObject json(String function, String key, @Nullable String bearer) {
        var request = given().header("apikey", key);
        if (bearer != null) {
            request.header("authorization", "Bearer " + bearer);
        }
        return new JsonObject(request.post("/functions/v1/" + function)
                .then()
                .statusCode(200)
                .extract()
                .asString());
    }

    private String token(UUID user) {
        var found = directory
                .byRef(project.ref())
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .orElseThrow();
        return issuer.sign(
                found,
                Map.of(
                        "sub", user.toString(),
                        "session_id", UUID.randomUUID().toString(),
                        "role", "authenticated",
                        "exp", Instant.now().plusSeconds(600).getEpochSecond()));
    }

    private static String raw(String request, boolean leave) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            ByteArrayOutputStream got = new ByteArrayOutputStream();
            byte[] some = new byte[4096];
            try {
                for (int read; (read = socket.getInputStream().read(some)) > 0; ) {
                    got.write(some, 0, read);
                    if (leave && got.size() > 200) {
                        break;
                    }
                }
            } catch (SocketException reset) {
                got.writeBytes("(reset)".getBytes(StandardCharsets.US_ASCII));
            }
            return got.toString(StandardCharsets.ISO_8859_1);
        }
    }
}
