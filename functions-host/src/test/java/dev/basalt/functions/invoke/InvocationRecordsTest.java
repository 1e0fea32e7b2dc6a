package dev.basalt.functions.invoke;

import static dev.basalt.functions.Deployer.deploy;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.schema.ProjectFactory.NewProject;
import dev.basalt.kit.usage.UsageFlusher;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class InvocationRecordsTest {
    private static final String SLOW = "export default { async fetch() { console.log('begun');"
            + " await new Promise(done => setTimeout(done, 2500)); console.warn('over'); return new Response('ok'); } };";

    private static final String COUNTED = """
            select sum(function_ms)::bigint, sum(function_mb_ms)::bigint, sum(function_init_ms)::bigint,
              sum(function_cpu_us)::bigint, sum(egress_bytes)::bigint from usage_minutes where project_id = $1""";
    private static final String RECORDED = """
            select count(*), sum(billed_ms)::bigint, sum(billed_ms * memory_mb)::bigint, sum(billed_init_ms)::bigint,
              sum(cpu_us)::bigint, sum(egress_bytes)::bigint from invocations where project_id = $1""";

    @Inject
    TestProjects projects;

    @Inject
    ControlDatabase control;

    @Inject
    InvocationLogbook logbook;

    @Inject
    UsageFlusher usage;

    private NewProject project;

    @BeforeEach
    void newProject() {
        project = projects.create("r-" + UUID.randomUUID().toString().substring(0, 8));
    }

    @Test
    void aLongRunIsOnRecordWhileItRunsAndItsCallerLearnsTheId() {
        deploy(project, "slow", SLOW, "{\"timeoutMs\":10000}");
        var answer = CompletableFuture.supplyAsync(() -> call("slow").extract().header("x-basalt-invocation"));
        await().untilAsserted(() -> records("slow", "").body("invocations[0].state", equalTo("running")));
        var running = records("slow", "").extract().jsonPath();
        assertThat(running.getString("invocations[0].outcome")).isNull();
        var id = running.getString("invocations[0].id");
        assertThat(answer.join()).isEqualTo(id);
        TestProjects.await(logbook.flush());
        one(id).statusCode(200)
                .body(
                        "state", equalTo("done"),
                        "outcome", equalTo("ok"),
                        "kind", equalTo("http"),
                        "version", equalTo(1),
                        "logs.text", equalTo(List.of("begun", "over")),
                        "logs.level", equalTo(List.of("info", "warn")),
                        "logs[0].at", notNullValue(),
                        "chain", hasSize(1));
    }

    @Test
    void whatWaitsForAnInstanceIsPending() {
        deploy(project, "slow", SLOW, "{\"timeoutMs\":10000}");
        var calls = new ArrayList<CompletableFuture<Integer>>();
        for (var i = 0; i < 6; i++) {
            calls.add(CompletableFuture.supplyAsync(() -> call("slow").extract().statusCode()));
        }
        await().untilAsserted(() -> assertThat(
                        records("slow", "").extract().jsonPath().getList("invocations.state"))
                .contains("pending", "running"));
        calls.forEach(each -> assertThat(each.join()).isEqualTo(200));
        TestProjects.await(logbook.flush());
        assertThat(records("slow", "").extract().jsonPath().getList("invocations.state"))
                .hasSize(6)
                .containsOnly("done");
    }

    @Test
    void whatADeadHostLeftIsLostAndAnEndThatComesLateStillCounts() {
        deploy(project, "f", "export default { fetch: () => new Response('ok') };", "{}");
        var id = call("f").extract().header("x-basalt-invocation");
        TestProjects.await(logbook.flush());
        TestProjects.await(control.query(
                "update invocations set state = 'running', outcome = null, expires_at = now() - interval '1 second' where id = $1",
                Tuple.of(UUID.fromString(id))));
        one(id).body("state", equalTo("lost"), "outcome", equalTo("lost"));
        records("f", "?outcome=lost").body("invocations", hasSize(1));
        TestProjects.await(logbook.sweep());
        var stored = TestProjects.await(
                        control.query("select state from invocations where id = $1", Tuple.of(UUID.fromString(id))))
                .iterator()
                .next();
        assertThat(stored.getString(0)).isEqualTo("lost");
    }

    @Test
    void recordsAreFoundByFilterAndPage() {
        deploy(
                project,
                "f",
                "export default { fetch(r) { if (r.method === 'POST') throw new TypeError('no'); return new Response('ok'); } };",
                "{}");
        deploy(project, "g", "export default { fetch: () => new Response('ok') };", "{}");
        for (var i = 0; i < 4; i++) {
            call("f").statusCode(200);
        }
        call("g").statusCode(200);
        var failed = given().header("apikey", project.publishableKey())
                .header("x-request-id", "chained-" + project.ref())
                .post("/functions/v1/f")
                .then()
                .statusCode(500)
                .extract()
                .header("x-basalt-invocation");
        TestProjects.await(logbook.flush());
        records("f", "").body("invocations", hasSize(5));
        records("f", "?outcome=ok").body("invocations", hasSize(4));
        records("f", "?outcome=failed")
                .body("invocations", hasSize(1), "invocations[0].error.file", equalTo("index.js"));
        records("f", "?outcome=exception&kind=http").body("invocations[0].id", equalTo(failed));
        records("f", "?kind=before").body("invocations", hasSize(0));
        records("f", "?id=" + failed).body("invocations", hasSize(1));
        records("f", "?to=2020-01-01T00:00:00Z").body("invocations", hasSize(0));
        records("f", "?from=2020-01-01T00:00:00Z").body("invocations", hasSize(5));
        platform("/invocations").body("invocations", hasSize(6));
        platform("/invocations?function=g").body("invocations", hasSize(1));
        one(failed).body("requestId", equalTo("chained-" + project.ref()), "chain[0].id", equalTo(failed));
        var seen = new HashSet<String>();
        var page = records("f", "?limit=2")
                .body("invocations", hasSize(2))
                .extract()
                .jsonPath();
        while (true) {
            page.getList("invocations.id", String.class)
                    .forEach(each -> assertThat(seen.add(each)).isTrue());
            var cursor = page.getString("cursor");
            if (cursor == null) {
                break;
            }
            page = records("f", "?limit=2&cursor=" + cursor).extract().jsonPath();
        }
        assertThat(seen).hasSize(5);
        for (var bad : new String[] {
            "?cursor=x",
            "?cursor=e30",
            "?id=1",
            "?from=yesterday",
            "?limit=1001",
            "?limit=-1",
            "?kind=%27",
            "?outcome=A"
        }) {
            records("f", bad).statusCode(422).body("code", equalTo("invalid_field"));
        }
    }

    @Test
    void whatAFunctionCallsHasItsInvocationAsItsParent() {
        deploy(project, "inner", "export default { fetch: () => new Response('in') };", "{}");
        deploy(
                project,
                "outer",
                "export default { async fetch(r, env, ctx) { await ctx.functions.invoke('inner'); return new Response('out'); } };",
                "{}");
        var outer = call("outer").statusCode(200).extract().header("x-basalt-invocation");
        TestProjects.await(logbook.flush());
        records("inner", "").body("invocations[0].parentId", equalTo(outer), "invocations[0].depth", equalTo(1));
        one(outer).body("parentId", equalTo(null), "chain.function", equalTo(List.of("outer", "inner")));
        // Nobody else can say so.
        given().header("apikey", project.publishableKey())
                .header("x-basalt-cause", outer)
                .get("/functions/v1/inner")
                .then()
                .statusCode(200);
        TestProjects.await(logbook.flush());
        records("inner", "").body("invocations[0].parentId", equalTo(null), "invocations[0].depth", equalTo(0));
    }

    @Test
    void otherProjectsSeeNothingOfIt() {
        deploy(project, "f", "export default { fetch: () => new Response('ok') };", "{}");
        var id = call("f").extract().header("x-basalt-invocation");
        TestProjects.await(logbook.flush());
        var other = projects.create("s-" + UUID.randomUUID().toString().substring(0, 8));
        for (var path : new String[] {"/invocations", "/invocations/" + id, "/functions/f/invocations"}) {
            given().header("apikey", other.secretKey().value())
                    .get("/platform/v1/projects/" + project.ref() + path)
                    .then()
                    .statusCode(404);
            given().header("apikey", project.publishableKey())
                    .get("/platform/v1/projects/" + project.ref() + path)
                    .then()
                    .statusCode(403);
        }
        given().header("apikey", other.secretKey().value())
                .get("/platform/v1/projects/" + other.ref() + "/invocations/" + id)
                .then()
                .statusCode(404)
                .body("code", equalTo("invocation_not_found"));
        platform("/functions/another/invocations/" + id).statusCode(404);
    }

    @Test
    void aRecordSaysHowMuchOfALogItDoesNotHold() {
        deploy(
                project,
                "chatty",
                "export default { fetch() { for (let i = 0; i < 100; i++) console.log('x'.repeat(1000)); return new Response('ok'); } };",
                "{}");
        var id = call("chatty").statusCode(200).extract().header("x-basalt-invocation");
        TestProjects.await(logbook.flush());
        var record = one(id).extract().jsonPath();
        assertThat(record.getList("logs")).hasSize(33);
        assertThat(record.getInt("logsCut")).isEqualTo(68);
        assertThat(record.getString("logs[32].text")).contains("68 more lines are not kept");
    }

    @Test
    void followersHearLinesAsTheyComeAndRecordsAtTheirEnd() throws Exception {
        deploy(project, "slow", SLOW, "{\"timeoutMs\":10000}");
        deploy(
                project,
                "other",
                "export default { fetch: () => { console.log('elsewhere'); return new Response('ok'); } };",
                "{}");
        var other = projects.create("t-" + UUID.randomUUID().toString().substring(0, 8));
        var ofOne = new CopyOnWriteArrayList<String>();
        var ofAll = new CopyOnWriteArrayList<String>();
        var ofOthers = new CopyOnWriteArrayList<String>();
        try (var client = HttpClient.newHttpClient()) {
            follow(client, project, "/functions/slow/invocations", ofOne);
            follow(client, project, "/invocations", ofAll);
            follow(client, other, "/invocations", ofOthers);
            // Hosts hear a moment later that somebody follows.
            await().untilAsserted(() -> {
                call("other").statusCode(200);
                assertThat(ofAll).anyMatch(line -> line.contains("elsewhere"));
            });
            var answer =
                    CompletableFuture.supplyAsync(() -> call("slow").extract().header("x-basalt-invocation"));
            await().until(() -> ofOne.stream().anyMatch(line -> line.contains("begun")));
            assertThat(answer).isNotDone();
            var id = answer.join();
            await().until(() -> ofOne.contains("event: invocation"));
            assertThat(ofOne.stream().filter(line -> line.startsWith("data: ")))
                    .hasSize(3)
                    .allMatch(line -> line.contains(id));
            assertThat(ofOne.getLast().isEmpty() ? ofOne.get(ofOne.size() - 2) : ofOne.getLast())
                    .contains("\"outcome\":\"ok\"");
            assertThat(ofAll).anyMatch(line -> line.contains("over"));
            assertThat(ofOthers).noneMatch(line -> line.startsWith("data: "));
            client.shutdownNow();
        }
        given().header("apikey", project.secretKey().value())
                .header("Accept", "text/event-stream")
                .get("/platform/v1/projects/" + project.ref() + "/invocations?kind=http")
                .then()
                .statusCode(422);
    }

    private static void follow(HttpClient client, NewProject whose, String path, List<String> lines) {
        var request = HttpRequest.newBuilder(URI.create(
                        "http://localhost:" + RestAssured.port + "/platform/v1/projects/" + whose.ref() + path))
                .header("apikey", whose.secretKey().value())
                .header("Accept", "text/event-stream")
                .build();
        var response = client.sendAsync(request, BodyHandlers.ofLines()).join();
        assertThat(response.statusCode()).isEqualTo(200);
        Thread.ofVirtual().start(() -> {
            try {
                response.body().forEach(lines::add);
            } catch (java.io.UncheckedIOException closed) {
                // The test is over.
            }
        });
    }

    @Test
    void usageAndRecordsHaveTheSameSums() {
        deploy(project, "queued", "export const onEvent = () => {};", "{}");
        deploy(
                project,
                "f",
                "export default { async fetch(r) { if (r.method === 'PUT') throw new Error('no');"
                        + " if (r.method === 'DELETE') while (true) {} await new Promise(d => setTimeout(d, 5));"
                        + " return new Response('ok'); } };",
                "{\"timeoutMs\":300,\"memoryMb\":64}");
        for (var i = 0; i < 20; i++) {
            call("f").statusCode(200);
            given().header("apikey", project.publishableKey())
                    .put("/functions/v1/f")
                    .then()
                    .statusCode(500);
        }
        given().header("apikey", project.publishableKey())
                .delete("/functions/v1/f")
                .then()
                .statusCode(504);
        given().header("apikey", project.secretKey().value())
                .header("X-Amz-Invocation-Type", "Event")
                .post("/2015-03-31/functions/queued/invocations")
                .then()
                .statusCode(202);
        // A request is counted when its answer has been sent, which its client may know a moment earlier.
        await().untilAsserted(() -> {
            TestProjects.await(logbook.flush());
            TestProjects.await(usage.flush());
            assertThat(sums(RECORDED).getFirst()).isEqualTo(42);
            assertThat(sums(COUNTED)).isEqualTo(sums(RECORDED).subList(1, 6));
        });
        var counted = sums(COUNTED);
        assertThat(counted.getFirst()).isGreaterThanOrEqualTo(42);
        assertThat(counted.get(2)).as("instances were made").isPositive();
        platform("/usage")
                .body("totals.functionInitMillis", equalTo(counted.get(2).intValue()));
    }

    private List<Long> sums(String sql) {
        var row = TestProjects.await(control.query(sql, Tuple.of(project.id())))
                .iterator()
                .next();
        return IntStream.range(0, row.size()).mapToObj(row::getLong).toList();
    }

    private ValidatableResponse call(String name) {
        return given().header("apikey", project.publishableKey())
                .get("/functions/v1/" + name)
                .then();
    }

    private ValidatableResponse records(String function, String query) {
        return platform("/functions/" + function + "/invocations" + query);
    }

    private ValidatableResponse one(String id) {
        return platform("/invocations/" + id);
    }

    private ValidatableResponse platform(String path) {
        return given().urlEncodingEnabled(false)
                .header("apikey", project.secretKey().value())
                .get("/platform/v1/projects/" + project.ref() + path)
                .then();
    }
}
