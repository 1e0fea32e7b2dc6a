package dev.basalt.functions.js;

import static dev.basalt.functions.js.RuntimeFixture.failure;
import static dev.basalt.functions.js.RuntimeFixture.function;
import static dev.basalt.functions.js.RuntimeFixture.get;
import static dev.basalt.functions.js.RuntimeFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.basalt.functions.runtime.Artifact;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.HandlerContext;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.kit.function.FunctionManifest;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The runtime with real workers: what it answers, how instances and workers come and go. */
class JsRuntimeTest {
    private static final RuntimeFixture FIXTURE = new RuntimeFixture(Map.of("aot-cache", "false"));
    private static final FunctionManifest JS = FunctionManifest.parse(new JsonObject());

    @AfterAll
    static void close() {
        FIXTURE.close();
    }

    @Test
    void answersRequestsAndSaysWhatTheyTook() {
        FunctionVersion hello = function(
                "p1",
                "hello",
                "export default { async fetch(r, env) { console.log('got', r.method); const b = await r.json(); return new Response('Hi ' + b.name + env.MODE, { status: 201, headers: { 'x-a': '1' } }); } };");
        Outcome first = FIXTURE.http(hello, "POST", "{\"name\":\"\u00e9\"}", 2000);
        assertThat(first.result()).isInstanceOfSatisfying(Outcome.Result.HttpAnswer.class, answer -> {
            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.headers()).contains(Map.entry("x-a", "1"));
            assertThat(answer.body().toString()).isEqualTo("Hi \u00e9test");
        });
        assertThat(first.report().cold()).isTrue();
        assertThat(first.report().initMicros()).isPositive();
        assertThat(first.report().logs()).extracting(Outcome.LogLine::text).containsExactly("got POST");
        Outcome second = FIXTURE.http(hello, "POST", "{\"name\":\"x\"}", 2000);
        assertThat(second.report().cold()).isFalse();
        assertThat(second.report().runMicros()).isPositive();
    }

    @Test
    void functionsAreLoadedIntoAnIsolateThatTheWorkerMadeBefore() {
        AtomicInteger sequence = new AtomicInteger();
        await().untilAsserted(() -> {
            long before = FIXTURE.runtime.loads(true);
            String source = "export const onEvent = () => 1;";
            assertThat(value(FIXTURE.event(function("p9", "f" + sequence.incrementAndGet(), source), "{}", 1000)))
                    .isEqualTo("1");
            assertThat(FIXTURE.runtime.loads(true)).isEqualTo(before + 1);
        });
    }

    @Test
    void compileErrorsNameFileAndLineAndTheNextVersionWorks() {
        Failure failure =
                failure(FIXTURE.event(function("p2", "f", "export const a = 1;\nexport const = 2;"), "{}", 1000));
        assertThat(failure.kind()).isEqualTo(Failure.Kind.COMPILE);
        assertThat(failure.file()).isEqualTo("main.js");
        assertThat(failure.line()).isEqualTo(2);
        assertThat(value(FIXTURE.event(function("p2", "f", "export const onEvent = () => 5;"), "{}", 1000)))
                .isEqualTo("5");
    }

    @Test
    void aFailureIsToldInTheWordsOfTheSourceThatTheBundleWasMadeFrom() {
        // One line of the bundle for two of src/todo.ts: its column 1 is line 1, its column 30 is line 7, column 3.
        String map = new JsonObject()
                .put("version", 3)
                .put("sources", new JsonArray().add("src/todo.ts"))
                .put("mappings", "AAAA,8BAMG")
                .encode();
        String source =
                "export const onEvent = () => { throw new TypeError('no'); };\n//# sourceMappingURL=data:application/json;base64,"
                        + Base64.getEncoder().encodeToString(map.getBytes(StandardCharsets.UTF_8));
        Failure failure = failure(FIXTURE.event(function("mapped", "f", source), "{}", 1000));
        assertThat(failure.message()).isEqualTo("no");
        assertThat(failure.file()).isEqualTo("src/todo.ts");
        assertThat(failure.line()).isEqualTo(7);
        assertThat(failure.column()).isEqualTo(4);
        assertThat(failure.stack()).contains("src/todo.ts:7:4").doesNotContain("main.js");
        Failure plain = failure(FIXTURE.event(
                function(
                        "mapped",
                        "g",
                        "export const onEvent = () => { throw new TypeError('no'); };\n//# sourceMappingURL=data:application/json;base64,bm9uc2Vuc2U="),
                "{}",
                1000));
        assertThat(plain.stack()).contains("main.js:1:");
    }

    @Test
    void checkFindsErrorsWithoutRunningTheCode() {
        assertThat(get(FIXTURE.runtime.check(
                        JS,
                        new Artifact(
                                "main.js", Map.of("main.js", Buffer.buffer("while (true) {}\nexport default {};"))))))
                .isEmpty();
        Optional<Failure> failure = get(FIXTURE.runtime.check(
                JS,
                new Artifact(
                        "main.js",
                        Map.of(
                                "main.js",
                                Buffer.buffer("import './a.js';"),
                                "a.js",
                                Buffer.buffer("let x = 1;\nlet x = 2;")))));
        assertThat(failure).get().extracting(Failure::file, Failure::line).containsExactly("a.js", 2);
    }

    @Test
    void aFunctionRunsOnSeveralInstancesAtOnceAndRefusesPastItsQueue() {
        try (RuntimeFixture small =
                new RuntimeFixture(Map.of("aot-cache", "false", "max-instances", "2", "max-queue", "3"))) {
            FunctionVersion slow =
                    function("p", "slow", "export const onEvent = () => new Promise((done) => setTimeout(done, 300));");
            List<Future<Outcome>> calls = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                calls.add(small.runtime.invoke(
                        slow,
                        new Invocation.Event(
                                Duration.ofSeconds(2), new HandlerContext(new JsonObject()), new JsonObject())));
            }
            List<Outcome> outcomes = calls.stream().map(RuntimeFixture::get).toList();
            Stream<Failure> refused = outcomes.stream()
                    .filter(outcome -> outcome.result() instanceof Outcome.Result.Failed)
                    .map(RuntimeFixture::failure);
            // Three wait from the start, while both instances are still being made.
            assertThat(refused.map(Failure::kind)).hasSize(5).containsOnly(Failure.Kind.OVERLOADED);
            assertThat(small.runtime.instanceCount()).isEqualTo(2);
        }
    }

    @Test
    void idleInstancesAndWorkersGoAndComeBack() {
        try (RuntimeFixture brief =
                new RuntimeFixture(Map.of("aot-cache", "false", "instance-idle", "PT0.3S", "worker-idle", "PT0.6S"))) {
            FunctionVersion one = function("p", "one", "export const onEvent = () => 1;");
            assertThat(value(brief.event(one, "{}", 1000))).isEqualTo("1");
            assertThat(brief.runtime.workerCount()).isPositive();
            await().atMost(Duration.ofSeconds(10)).until(() -> brief.runtime.workerCount() == 0);
            assertThat(brief.runtime.instanceCount()).isZero();
            assertThat(value(brief.event(one, "{}", 1000))).isEqualTo("1");
        }
    }

    @Test
    void anIdleWorkerMakesRoomForTheCallThatNeedsIt() {
        try (RuntimeFixture narrow = new RuntimeFixture(Map.of("aot-cache", "false", "max-workers", "1"))) {
            for (String project : List.of("a", "b", "a")) {
                FunctionVersion one = function(project, "one", "export const onEvent = () => 1;");
                assertThat(value(narrow.event(one, "{}", 1000))).isEqualTo("1");
                // The caller hears of the answer just before its worker is idle.
                await().pollDelay(Duration.ofMillis(100)).until(() -> true);
            }
        }
    }

    @Test
    void workBehindTheAnswerHoldsTheInstanceButNotTheCaller() {
        FunctionVersion later = function(
                "p4",
                "later",
                "let n = 0; export const onEvent = (e, ctx) => { ctx.waitUntil(new Promise((d) => setTimeout(() => { n++; d(); }, 200))); return n; };");
        long start = System.nanoTime();
        assertThat(value(FIXTURE.event(later, "{}", 2000))).isEqualTo("0");
        Outcome first = FIXTURE.event(later, "{}", 2000);
        assertThat(value(first)).isIn("0", "1");
        assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
    }

    @Test
    void theCallerIsThereForWhoeverLooks() {
        JsonObject caller = new JsonObject().put("id", "ann").put("claims", new JsonObject().put("line", "a\nb"));
        HandlerContext context = new HandlerContext(new JsonObject().put("requestId", "r1"), caller.encode());
        FunctionVersion function = function(
                "p",
                "who",
                "export const onEvent = (e, ctx) => [ctx.caller.claims.line, ctx.caller === ctx.caller, JSON.stringify(ctx)];");
        Outcome outcome = get(FIXTURE.runtime.invoke(
                function, new Invocation.Event(Duration.ofSeconds(1), context, new JsonObject().put("line", "c\nd"))));
        assertThat(new JsonArray(value(outcome)))
                .isEqualTo(
                        new JsonArray().add("a\nb").add(true).add(context.json().encode()));
        assertThat(value(FIXTURE.event(
                        function("p", "nobody", "export const onEvent = (e, ctx) => [typeof ctx.caller];"),
                        "{}",
                        1000)))
                .isEqualTo("[\"undefined\"]");
    }

    @Test
    void headersComeAsTheyWereSent() {
        FunctionVersion function =
                function("p", "headers", "export default { fetch: (request) => Response.json([...request.headers]) };");
        Outcome outcome = get(FIXTURE.runtime.invoke(
                function,
                new Invocation.Http(
                        Duration.ofSeconds(1),
                        new HandlerContext(new JsonObject()),
                        "GET",
                        "http://p.example/",
                        List.of(
                                Map.entry("X-Colons", "a:b: c"),
                                Map.entry("x-empty", ""),
                                Map.entry("x-latin", "caf\u00e9"),
                                Map.entry("x-twice", "1"),
                                Map.entry("X-Twice", "2"),
                                Map.entry("x-lines", "a\r\nevil:1")),
                        Buffer.buffer())));
        assertThat(outcome.result())
                .isInstanceOfSatisfying(
                        Outcome.Result.HttpAnswer.class,
                        answer -> assertThat(new JsonArray(answer.body()))
                                .isEqualTo(
                                        new JsonArray(
                                                "[[\"x-colons\",\"a:b: c\"],[\"x-empty\",\"\"],[\"x-latin\",\"caf\u00e9\"],[\"x-lines\",\"a  evil:1\"],[\"x-twice\",\"1, 2\"]]")));
    }

    @Test
    void functionsShareNothingWithinAProject() {
        FunctionVersion writer = function(
                "p5",
                "writer",
                "export const onEvent = () => { globalThis.secret = 1; Object.prototype.evil = 1; Array.prototype.map = () => 'x'; return 1; };");
        FunctionVersion reader = function(
                "p5",
                "reader",
                "export const onEvent = () => [typeof secret, typeof ({}).evil, [1].map((x) => x + 1)];");
        value(FIXTURE.event(writer, "{}", 1000));
        assertThat(value(FIXTURE.event(reader, "{}", 1000))).isEqualTo("[\"undefined\",\"undefined\",[2]]");
    }

    @Test
    void withoutASandboxUntrustedCodeIsRefusedAndSaysWhy() {
        try (RuntimeFixture open =
                new RuntimeFixture(Map.of("aot-cache", "false", "sandbox", "false", "cgroup", "false"), true)) {
            Failure failure = failure(open.event(function("p", "f", "export const onEvent = () => 1;"), "{}", 1000));
            assertThat(failure.kind()).isEqualTo(Failure.Kind.UNAVAILABLE);
            assertThat(failure.message()).contains("basalt.functions.untrusted", "bubblewrap is switched off");
            assertThat(open.runtime.workerCount()).isZero();
        }
    }

    @Test
    void withoutASandboxTrustedCodeRuns() {
        try (RuntimeFixture open =
                new RuntimeFixture(Map.of("aot-cache", "false", "sandbox", "false", "cgroup", "false"))) {
            assertThat(value(open.event(function("p", "f", "export const onEvent = () => 1;"), "{}", 1000)))
                    .isEqualTo("1");
            assertThat(open.runtime.isolation().level())
                    .isEqualTo(dev.basalt.functions.runtime.Isolation.Level.PROCESS);
        }
    }
}
