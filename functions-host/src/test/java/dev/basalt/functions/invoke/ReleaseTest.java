package dev.basalt.functions.invoke;

import static dev.basalt.functions.Deployer.put;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.basalt.kit.schema.ProjectFactory.NewProject;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Versions, aliases, canaries, going back: over HTTP, and what callers then get. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class ReleaseTest {
    @Inject
    TestProjects projects;

    @Inject
    MeterRegistry metrics;

    private NewProject project;

    @BeforeEach
    void threeVersions() {
        project = projects.create("r-" + UUID.randomUUID().toString().substring(0, 8));
        for (var version = 1; version <= 3; version++) {
            deploy("?live=true", version, "{}");
        }
    }

    private ValidatableResponse deploy(String query, int answer, String manifest) {
        return put(
                project,
                "f" + query,
                new JsonObject(Map.of("index.js", "export default { fetch: () => new Response('v" + answer + "') };")),
                new JsonObject(manifest));
    }

    private String call(String name) {
        return given().header("apikey", project.publishableKey())
                .urlEncodingEnabled(false)
                .get("/functions/v1/" + name)
                .then()
                .extract()
                .asString();
    }

    private int status(String name) {
        return given().header("apikey", project.publishableKey())
                .urlEncodingEnabled(false)
                .get("/functions/v1/" + name)
                .statusCode();
    }

    private ValidatableResponse send(String method, String path, String body) {
        var request = given().header("apikey", project.secretKey().value());
        return (body.isEmpty()
                        ? request
                        : request.contentType("application/json").body(body))
                .request(method, "/platform/v1/projects/" + project.ref() + "/functions/f" + path)
                .then();
    }

    @Test
    void versionsAreKeptAndCalledByNumberAliasOrPlainly() {
        send("GET", "/versions", "")
                .body("versions.version", equalTo(java.util.List.of(3, 2, 1)), "versions[0].aliases", hasSize(1));
        send("PUT", "/aliases/old", "{\"version\": 1}").statusCode(200);
        assertThat(call("f")).isEqualTo("v3");
        assertThat(call("f:live")).isEqualTo("v3");
        assertThat(call("f:2")).isEqualTo("v2");
        assertThat(call("f:old")).isEqualTo("v1");
        assertThat(call("f:old/below?a=b")).isEqualTo("v1");
        for (var none : new String[] {"f:9", "f:none", "f:", "f:0", "f:a:b", "f:-1", "f:99999999999"}) {
            assertThat(status(none)).as(none).isEqualTo(404);
        }
        send("GET", "/aliases", "").body("aliases.name", containsInAnyOrder("live", "old"));
        send("DELETE", "/aliases/old", "").statusCode(204);
        send("DELETE", "/aliases/old", "").statusCode(404).body("code", equalTo("alias_not_found"));
        await().untilAsserted(() -> assertThat(status("f:old")).isEqualTo(404));
        send("DELETE", "/aliases/live", "").statusCode(422);
        assertThat(call("f")).isEqualTo("v3");
    }

    @Test
    void whatIsDeployedWhereFunctionsAreCalledIsReadAheadOfItsFirstCall() {
        var sequence = new AtomicInteger();
        await().untilAsserted(() -> {
            assertThat(call("f")).isEqualTo("v3");
            var before = misses();
            var name = "fresh" + sequence.incrementAndGet();
            var files = new JsonObject(Map.of("index.js", "export default { fetch: () => new Response('hi') };"));
            put(project, name, files, new JsonObject()).statusCode(201);
            await().until(() -> misses() >= before + 2);
            var ahead = misses();
            assertThat(call(name)).isEqualTo("hi");
            assertThat(misses()).isEqualTo(ahead);
        });
    }

    /** How often a function, or its files, had to be read. */
    private double misses() {
        return Stream.of("basalt.functions.registry", "basalt.functions.artifacts")
                .mapToDouble(cache -> metrics.get("cache.gets")
                        .tags("cache", cache, "result", "miss")
                        .functionCounter()
                        .count())
                .sum();
    }

    @Test
    void rollbackIsHeardAtOnceAndGoesOneStepOrToAVersion() {
        send("POST", "/rollback", "").statusCode(200).body("version", equalTo(2));
        await().untilAsserted(() -> assertThat(call("f")).isEqualTo("v2"));
        send("POST", "/rollback", "{\"version\": 3}").statusCode(200).body("version", equalTo(3));
        send("POST", "/rollback", "{\"version\": 1}").statusCode(200);
        await().untilAsserted(() -> assertThat(call("f")).isEqualTo("v1"));
        send("POST", "/rollback", "").statusCode(409).body("code", equalTo("no_earlier_version"));
        send("POST", "/rollback", "{\"version\": 77}").statusCode(404).body("code", equalTo("version_not_found"));
        send("POST", "/rollback", "{\"version\": \"x\"}").statusCode(422);
        deploy("", 4, "{}").body("version", equalTo(4));
        await().untilAsserted(() -> assertThat(call("f")).isEqualTo("v4"));
    }

    @Test
    void aCanaryGetsItsPartOfTheCallsBesideTheOtherVersion() {
        deploy("?live=false", 4, "{}").statusCode(200).body("version", equalTo(3), "deployed", equalTo(4));
        assertThat(call("f")).isEqualTo("v3");
        send("PUT", "/aliases/live", "{\"version\": 3, \"canary\": {\"version\": 4, \"weight\": 0.5}}")
                .statusCode(200)
                .body("canary.weight", equalTo(0.5f));
        // Each call is drawn: both come, and an instance of one does not push the other's out.
        Set<String> seen = new HashSet<>();
        await().until(() -> {
            seen.add(call("f"));
            return seen.equals(Set.of("v3", "v4"));
        });
        send("PUT", "/aliases/live", "{\"version\": 4}").body("canary", nullValue());
        await().untilAsserted(() -> assertThat(call("f")).isEqualTo("v4"));
        for (var i = 0; i < 20; i++) {
            assertThat(call("f")).isEqualTo("v4");
        }
    }

    @Test
    void badAliasesAreRefusedAndChangeNothing() {
        for (var bad : new String[] {
            "{}",
            "{\"version\": 0}",
            "{\"version\": \"1\"}",
            "{\"version\": 1, \"canary\": 2}",
            "{\"version\": 1, \"canary\": {\"version\": 1, \"weight\": 0.5}}",
            "{\"version\": 1, \"canary\": {\"version\": 2}}",
            "{\"version\": 1, \"canary\": {\"version\": 2, \"weight\": 0}}",
            "{\"version\": 1, \"canary\": {\"version\": 2, \"weight\": 1}}",
            "{\"version\": 1, \"colour\": \"red\"}"
        }) {
            send("PUT", "/aliases/live", bad).statusCode(422).body("code", equalTo("invalid_alias"));
        }
        send("PUT", "/aliases/live", "{\"version\": 9}").statusCode(404);
        send("PUT", "/aliases/live", "{\"version\": 1, \"canary\": {\"version\": 9, \"weight\": 0.1}}")
                .statusCode(404)
                .body("code", equalTo("version_not_found"));
        send("PUT", "/aliases/Upper", "{\"version\": 1}").statusCode(422);
        send("GET", "/aliases", "").body("aliases", hasSize(1), "aliases[0].version", equalTo(3));
    }

    @Test
    void onlyTheProjectsOwnSecretKeyMayChangeReleases() {
        var stranger = projects.create("s-" + UUID.randomUUID().toString().substring(0, 8));
        for (var key :
                new String[] {project.publishableKey(), stranger.secretKey().value()}) {
            for (var path : new String[] {"/rollback", "/aliases/live", "/versions"}) {
                var status = given().header("apikey", key)
                        .contentType("application/json")
                        .body("{\"version\": 1}")
                        .request(
                                path.equals("/rollback") ? "POST" : path.equals("/versions") ? "GET" : "PUT",
                                "/platform/v1/projects/" + project.ref() + "/functions/f" + path)
                        .statusCode();
                assertThat(status).as(path).isIn(401, 403, 404);
            }
        }
        assertThat(call("f")).isEqualTo("v3");
        send("GET", "/aliases", "").body("aliases[0].version", equalTo(3));
    }

    @Test
    void rollingBackTakesTheTriggersBack() {
        given().header("apikey", project.secretKey().value())
                .contentType("application/json")
                .body("{\"query\": \"create table public.t (id int primary key)\"}");
        deploy("", 4, "{\"triggers\": [{\"table\": \"public.t\", \"when\": \"before\", \"events\": [\"insert\"]}]}")
                .statusCode(200)
                .body("manifest.triggers", hasSize(1));
        send("POST", "/rollback", "").body("manifest.triggers", hasSize(0), "version", equalTo(3));
        send("POST", "/rollback", "{\"version\": 4}").body("manifest.triggers", hasSize(1));
    }

    @Test
    void instancesOfASupersededVersionGo() {
        assertThat(call("f")).isEqualTo("v3");
        var instances = metrics.get("basalt.functions.instances").gauge();
        var before = instances.value();
        assertThat(before).isPositive();
        send("DELETE", "", "").statusCode(204);
        await().untilAsserted(() -> assertThat(instances.value()).isLessThan(before));
        assertThat(status("f")).isEqualTo(404);
    }

    @Test
    void versionsBeyondTheLastTenGoUnlessAnAliasNamesThem() {
        send("PUT", "/aliases/kept", "{\"version\": 1}").statusCode(200);
        for (var version = 4; version <= 13; version++) {
            deploy("", version, "{}").statusCode(200);
        }
        send("GET", "/versions", "")
                .body("versions.version", equalTo(java.util.List.of(13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 1)));
        assertThat(call("f:kept")).isEqualTo("v1");
        assertThat(status("f:2")).isEqualTo(404);
    }
}
