package dev.basalt.functions.invoke;

import static dev.basalt.functions.Deployer.deploy;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.basalt.kit.schema.ProjectFactory.NewProject;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A host on which each project may run one call at a time. */
@QuarkusTest
@TestProfile(FairShareTest.OneEach.class)
@WithTestResource(BasaltTestResource.class)
class FairShareTest {
    private static final String SLOW =
            "export default { async fetch() { await new Promise((done) => setTimeout(done, 3000)); return new Response('slow'); } };";
    private static final String QUICK = "export default { fetch: () => new Response('quick') };";

    public static class OneEach implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "basalt.functions.share.own", "1",
                    "basalt.functions.share.common", "0",
                    "basalt.functions.share.max-queue", "1");
        }
    }

    @Inject
    TestProjects projects;

    @Inject
    MeterRegistry metrics;

    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private NewProject project;

    @BeforeEach
    void newProject() {
        project = created();
    }

    @AfterEach
    void end() {
        callers.close();
    }

    private NewProject created() {
        return projects.create("s-" + UUID.randomUUID().toString().substring(0, 8));
    }

    private static Response call(NewProject project, String function) {
        return given().header("apikey", project.publishableKey()).get("/functions/v1/" + function);
    }

    private double gauge(String name) {
        return metrics.get("basalt.functions.share." + name).gauge().value();
    }

    @Test
    void aFloodWaitsAndIsRefusedWhileAnotherProjectIsAnswered() {
        deploy(project, "slow", SLOW, "{\"maxInstances\":4}");
        var other = created();
        deploy(other, "quick", QUICK, "{}");
        var first = CompletableFuture.supplyAsync(() -> call(project, "slow"), callers);
        await().until(() -> gauge("running") == 1);
        var second = CompletableFuture.supplyAsync(() -> call(project, "slow"), callers);
        await().until(() -> gauge("waiting") == 1);
        var refused = call(project, "slow");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        assertThat(call(other, "quick").asString()).isEqualTo("quick");
        assertThat(first).isNotDone();
        assertThat(first.join().asString()).isEqualTo("slow");
        assertThat(second.join().asString()).isEqualTo("slow");
        assertThat(gauge("running")).isZero();
    }

    @Test
    void aFunctionThatCallsAnotherDoesNotWaitForItself() {
        deploy(project, "quick", QUICK, "{}");
        deploy(
                project,
                "front",
                "export default { async fetch(r, env, ctx) { const a = await ctx.fetch('/functions/v1/quick'); return new Response('front ' + await a.text()); } };",
                "{}");
        assertThat(call(project, "front").asString()).isEqualTo("front quick");
    }

    @Test
    void instancesAreKeptFromTheDeploymentOn() {
        var before = metrics.find("basalt.functions.instances").gauge();
        var had = before == null ? 0 : before.value();
        deploy(project, "kept", QUICK, "{\"minInstances\":2}");
        await().untilAsserted(() -> assertThat(
                        metrics.get("basalt.functions.instances").gauge().value())
                .isEqualTo(had + 2));
        deploy(project, "kept", QUICK + "//", "{\"minInstances\":1}");
        await().untilAsserted(() -> assertThat(
                        metrics.get("basalt.functions.instances").gauge().value())
                .isEqualTo(had + 1));
        assertThat(call(project, "kept").asString()).isEqualTo("quick");
    }
}
