package dev.basalt.functions.hook;

import static dev.basalt.functions.Deployer.deploy;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.kit.function.RemoteFunctionHost;
import dev.basalt.kit.hook.HookCall;
import dev.basalt.kit.hook.HookInvoker;
import dev.basalt.kit.hook.HookVerdict;
import dev.basalt.kit.project.DataTrigger.Moment;
import dev.basalt.kit.project.DataTrigger.Operation;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.kit.schema.ProjectFactory.NewProject;
import dev.basalt.test.BasaltTestResource;
import dev.basalt.test.TestProjects;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(BasaltTestResource.class)
class FunctionHooksTest {
    private static final String TRIGGER = """
            {"triggers":[{"on":"table","table":"public.todos","when":"before","events":["insert","update","delete"],
              "timeoutMs":300,"onFailure":"%s"}]}""";

    @Inject
    TestProjects projects;

    @Inject
    HookInvoker hooks;

    private NewProject project;

    @BeforeEach
    void newProject() {
        project = projects.create("h-" + UUID.randomUUID().toString().substring(0, 8));
    }

    @Test
    void theDeployedHookIsTheRunningApplicationsOwn() {
        assertThat(hooks).isNotInstanceOf(RemoteFunctionHost.class);
    }

    @Test
    void aHookChangesTheRow() {
        hook(
                "return { record: { ...event.record, title: event.record.title.trim(), op: event.type, role: ctx.caller.role } };");
        assertThat(run("{\"title\":\" a \"}"))
                .isEqualTo(new HookVerdict.Proceed(
                        new JsonObject("{\"title\":\"a\",\"op\":\"insert\",\"role\":\"service_role\"}")));
    }

    @Test
    void aHookThatReturnsNothingLeavesTheRow() {
        hook("return;");
        assertThat(run("{\"title\":\"a\"}")).isEqualTo(new HookVerdict.Proceed(new JsonObject("{\"title\":\"a\"}")));
    }

    @Test
    void aHookRefusesTheWriteInItsOwnWords() {
        hook("return { reject: { status: 422, code: 'no_title', message: 'A title is needed' } };");
        assertThat(run("{}")).isEqualTo(new HookVerdict.Reject(422, "no_title", "A title is needed"));
        hook("return { reject: {} };");
        assertThat(verdict("{}", HookVerdict.Reject.class).code()).isEqualTo("hook_rejected");
    }

    @Test
    void aHookThatFailsRefusesWithoutTellingWhy() {
        hook("throw new Error('secret');");
        var reject = verdict("{}", HookVerdict.Reject.class);
        assertThat(reject.status()).isEqualTo(500);
        assertThat(reject.code()).isEqualTo("hook_failed");
        assertThat(reject.message()).doesNotContain("secret");
    }

    @Test
    void nonsenseRefusesAndSaysSo() {
        for (String nonsense : new String[] {
            "5",
            "'text'",
            "[]",
            "{}",
            "{ record: 5 }",
            "{ reject: { status: 99 } }",
            "{ record: {}, more: 1 }",
            "{ title: 'x' }"
        }) {
            hook("return " + nonsense + ";");
            assertThat(verdict("{}", HookVerdict.Reject.class).code())
                    .as(nonsense)
                    .isEqualTo("hook_invalid_answer");
        }
    }

    @Test
    void aHookThatLoopsOrDiesOrEatsMemoryRefusesInTime() {
        hook("while (true) {}");
        long start = System.nanoTime();
        assertThat(verdict("{}", HookVerdict.Reject.class).code()).isEqualTo("hook_timeout");
        assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
        hook("return new Array(2 ** 27).fill(1.1).length;");
        assertThat(verdict("{}", HookVerdict.Reject.class).status()).isGreaterThanOrEqualTo(500);
        hook("return { record: { ok: true } };");
        assertThat(run("{}")).isEqualTo(new HookVerdict.Proceed(new JsonObject("{\"ok\":true}")));
    }

    @Test
    void onFailureAllowLetsTheWritePassButARejectionHolds() {
        deploy(
                project,
                "hook",
                source("if (event.record.bad) throw new Error(); return { reject: {} };"),
                TRIGGER.formatted("allow"));
        awaitTriggers(1);
        assertThat(run("{\"bad\":true}")).isEqualTo(new HookVerdict.Proceed(new JsonObject("{\"bad\":true}")));
        assertThat(run("{}")).isInstanceOf(HookVerdict.Reject.class);
    }

    @Test
    void severalHooksRunInOrderAndEachSeesTheOneBefore() {
        deploy(
                project,
                "a",
                source("return { record: { steps: [...(event.record.steps ?? []), 'a'] } };"),
                TRIGGER.formatted("reject"));
        deploy(
                project,
                "b",
                source("return { record: { steps: [...event.record.steps, 'b'] } };"),
                TRIGGER.formatted("reject"));
        awaitTriggers(2);
        assertThat(run("{}")).isEqualTo(new HookVerdict.Proceed(new JsonObject("{\"steps\":[\"a\",\"b\"]}")));
    }

    @Test
    void aServiceInAnotherProcessGetsTheSameVerdict() {
        hook("return { record: { ...event.record, seen: ctx.requestId } };");
        var context = context();
        var use = given().header("Authorization", "Bearer " + BasaltTestResource.PLATFORM_KEY)
                .contentType("application/json")
                .body(RemoteFunctionHost.hookRequest(context, call(context, "{\"a\":1}"))
                        .encode())
                .post(RemoteFunctionHost.HOOKS)
                .then()
                .statusCode(200)
                .body("record.a", org.hamcrest.Matchers.equalTo(1))
                .body("record.seen", org.hamcrest.Matchers.equalTo("test-request"))
                .extract()
                .jsonPath();
        assertThat(use.getInt("usage[0].mbMs")).isEqualTo(128 * use.getInt("usage[0].ms"));
        given().header("apikey", project.secretKey().value())
                .contentType("application/json")
                .body("{}")
                .post(RemoteFunctionHost.HOOKS)
                .then()
                .statusCode(403);
    }

    @Test
    void aWarmHookCostsLittle() {
        hook("return { record: { ...event.record, title: event.record.title.toUpperCase() } };");
        long[] micros = new long[3000];
        var context = context();
        var call = call(context, "{\"id\":1,\"title\":\"abc\",\"done\":false}");
        for (int i = 0; i < micros.length; i++) {
            long start = System.nanoTime();
            TestProjects.await(hooks.before(context, call));
            micros[i] = (System.nanoTime() - start) / 1000;
        }
        long[] warm = Arrays.copyOfRange(micros, 1000, micros.length);
        Arrays.sort(warm);
        System.out.printf("before hook: p50 %d us, p99 %d us%n", warm[warm.length / 2], warm[warm.length * 99 / 100]);
        // A started millisecond counts; a busy machine makes some runs longer than one.
        var use = context.meter().takeFunction();
        var billed = use.millis();
        assertThat(billed).isGreaterThanOrEqualTo(3000);
        assertThat(use.megabyteMillis()).isEqualTo(billed * 128);
    }

    private static String source(String body) {
        return "export async function onEvent(event, ctx) { " + body + " }";
    }

    private void hook(String body) {
        deploy(project, "hook", source(body), TRIGGER.formatted("reject"));
        awaitTriggers(1);
        // The registry hears of the new version by notification.
        var marker = UUID.randomUUID().toString();
        deploy(
                project,
                "hook",
                source("if (event.record.marker) return { record: { marker: '" + marker + "' } }; " + body),
                TRIGGER.formatted("reject"));
        Awaitility.await()
                .until(() -> run("{\"marker\":true}")
                        .equals(new HookVerdict.Proceed(new JsonObject().put("marker", marker))));
    }

    private void awaitTriggers(int count) {
        Awaitility.await()
                .until(() -> projects.project(project.ref())
                                .triggers(Moment.BEFORE, "public.todos", Operation.INSERT)
                                .size()
                        == count);
    }

    private RequestContext context() {
        return RequestContext.internal("test-request", projects.project(project.ref()), 0);
    }

    private static HookCall call(RequestContext context, String record) {
        return new HookCall(
                context.project().triggers(Moment.BEFORE, "public.todos", Operation.INSERT),
                Operation.INSERT,
                "public",
                "todos",
                new JsonObject(record),
                null);
    }

    private HookVerdict run(String record) {
        var context = context();
        return TestProjects.await(hooks.before(context, call(context, record)));
    }

    private <T extends HookVerdict> T verdict(String record, Class<T> type) {
        var verdict = run(record);
        assertThat(verdict).isInstanceOf(type);
        return type.cast(verdict);
    }
}
