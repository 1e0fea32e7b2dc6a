package dev.basalt.functions.invoke;

import static dev.basalt.functions.Deployer.deploy;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.request.Cause;
import dev.basalt.kit.request.Chain;
import dev.basalt.kit.schema.ProjectFactory.NewProject;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Functions that call functions, within what that may cost together. A GB-second is four seconds of 256 MB. */
@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class ChainCostsTest {
    private static final long GB_SECOND = 1024 * 1000;

    @Inject
    TestProjects projects;

    @Inject
    ControlDatabase control;

    @Inject
    InvocationLogbook logbook;

    @Inject
    Cause cause;

    @Inject
    MeterRegistry metrics;

    private NewProject project;

    @BeforeEach
    void newProject() {
        project = projects.create("k-" + UUID.randomUUID().toString().substring(0, 8));
        deploy(
                project,
                "child",
                "export default { async fetch(r) { await new Promise((done) => setTimeout(done, +new URL(r.url).searchParams.get('ms'))); return new Response('done'); } };",
                "{\"memoryMb\":256,\"timeoutMs\":1000,\"concurrency\":20}");
    }

    private String front(String manifest, String body) {
        deploy(
                project,
                "front",
                "export default { async fetch(r, env, ctx) {"
                        + " const call = async (path) => { const a = await ctx.fetch('/functions/v1/' + path); return a.ok ? await a.text() : a.status + ' ' + (await a.json()).code; };"
                        + body + " } };",
                manifest);
        return call("front", null).asString();
    }

    private Response call(String path, @Nullable Chain chain) {
        var request = given().header("apikey", project.publishableKey());
        if (chain != null) {
            request.header(Cause.HEADER, cause.seal(1, chain));
        }
        return request.get("/functions/v1/" + path);
    }

    private static Chain chain(UUID first, long budget, long millisLeft) {
        return new Chain(first, first, budget, System.currentTimeMillis() + millisLeft);
    }

    private long recorded(String function, String outcome) {
        TestProjects.await(logbook.flush());
        return TestProjects.await(control.query(
                        "select count(*) from invocations i join projects p on p.id = i.project_id"
                                + " where p.ref = $1 and function_name = $2 and outcome = $3",
                        Tuple.of(project.ref(), function, outcome)))
                .iterator()
                .next()
                .getLong(0);
    }

    private double looked() {
        return metrics.get("cache.gets").tag("cache", "basalt.functions.chains").functionCounters().stream()
                .mapToDouble(FunctionCounter::count)
                .sum();
    }

    @Test
    void callsSideBySideSpendNoMoreThanTheirBudgetAndGiveBackWhatTheyDidNotUse() {
        assertThat(front(
                        "{\"maxNestedGbSeconds\":1}",
                        "const all = await Promise.all(Array.from({ length: 8 }, () => call('child?ms=300')));"
                                + " all.push(await call('child?ms=1')); return new Response(all.sort().join());"))
                .isEqualTo(
                        "429 function_over_budget,429 function_over_budget,429 function_over_budget,429 function_over_budget,done,done,done,done,done");
        assertThat(recorded("child", "over_budget")).isEqualTo(4);
        assertThat(recorded("child", "ok")).isEqualTo(5);
        assertThat(recorded("front", "ok")).isEqualTo(1);
    }

    @Test
    void aRecursionEndsWhereItsBudgetDoes() {
        deploy(
                project,
                "loop",
                "export default { async fetch(r, env, ctx) { const a = await ctx.fetch('/functions/v1/loop'); return new Response(a.ok ? await a.text() : `${ctx.depth} ${a.status} ${(await a.json()).code}`); } };",
                "{\"memoryMb\":256,\"timeoutMs\":1000,\"maxInstances\":20,\"maxNestedGbSeconds\":100}");
        assertThat(front("{\"maxNestedGbSeconds\":1}", "return new Response(await call('loop'));"))
                .isEqualTo("4 429 function_over_budget");
    }

    @Test
    void aCallThatRunsOutOfTheBudgetIsEndedAndRecorded() {
        assertThat(
                        front(
                                "{\"maxNestedGbSeconds\":1}",
                                "await Promise.all(Array.from({ length: 4 }, () => call('child?ms=700')));"
                                        + " return new Response(await call('child?ms=700') + ',' + await call('child?ms=700'));"))
                .isEqualTo("done,429 function_over_budget");
        assertThat(recorded("child", "over_budget")).isEqualTo(1);
        assertThat(call("child?ms=1", null).asString()).isEqualTo("done");
    }

    @Test
    void aFunctionMayBeKeptFromCallingOthers() {
        assertThat(front("{\"maxNestedGbSeconds\":0}", "return new Response(await call('child?ms=1'));"))
                .isEqualTo("429 function_over_budget");
        assertThat(recorded("child", "ok")).isZero();
    }

    /** As another host's function would call: what its chain may spend and until when comes with the call. */
    @Test
    void aBudgetTravelsWithItsCalls() {
        var first = UUID.randomUUID();
        assertThat(call("child?ms=700", chain(first, GB_SECOND / 4, 60_000)).asString())
                .isEqualTo("done");
        assertThat(call("child?ms=700", chain(first, GB_SECOND / 4, 60_000)).statusCode())
                .isEqualTo(429);
        assertThat(call("child?ms=700", chain(UUID.randomUUID(), GB_SECOND / 4, 60_000))
                        .asString())
                .isEqualTo("done");
    }

    @Test
    void aCallEndsWithTheInvocationThatLedToIt() {
        var late = call("child?ms=900", chain(UUID.randomUUID(), GB_SECOND, 300));
        assertThat(late.statusCode()).isEqualTo(504);
        assertThat(late.jsonPath().getString("code")).isEqualTo("function_timeout");
        assertThat(call("child?ms=1", chain(UUID.randomUUID(), GB_SECOND, -1)).statusCode())
                .isEqualTo(504);
        assertThat(recorded("child", "timeout")).isEqualTo(2);
    }

    @Test
    void aCallThatNoFunctionMakesIsNotLookedAt() {
        var before = looked();
        assertThat(call("child?ms=1", null).asString()).isEqualTo("done");
        assertThat(looked()).isEqualTo(before);
        assertThat(call("child?ms=1", chain(UUID.randomUUID(), GB_SECOND, 60_000))
                        .asString())
                .isEqualTo("done");
        assertThat(looked()).isGreaterThan(before);
    }
}
