package dev.basalt.functions.js;

import static dev.basalt.functions.js.RuntimeFixture.failure;
import static dev.basalt.functions.js.RuntimeFixture.function;
import static dev.basalt.functions.js.RuntimeFixture.get;
import static dev.basalt.functions.js.RuntimeFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.HandlerContext;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Links;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.functions.runtime.Outcome.LogLine;
import dev.basalt.functions.runtime.Progress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Calls that are sent along behind the one that runs, as those of one event loop are where the function has been quick. An event names itself by {@code n};
 * what it is to do stands beside that.
 */
class SentAheadTest {
    /** Its instance's name, and what ran there before; what a call prints says in which instance it ran. */
    private static final String SOURCE = """
            const instance = crypto.randomUUID();
            let before = 0;
            export const onEvent = (e) => {
              console.log(instance);
              if (e.spin) { const until = Date.now() + e.spin; while (Date.now() < until); }
              if (e.fill) { const all = []; for (;;) all.push(new Array(1000).fill(all.length)); }
              const said = [e.n, instance, before++];
              return e.wait ? new Promise((done) => setTimeout(() => done(said), e.wait)) : said;
            };
            export default { fetch: () => new Promise((done) => setTimeout(() => done(new Response('late')), 5000)) };
            """;

    private static final AtomicInteger NAMES = new AtomicInteger();

    private RuntimeFixture fixture = new RuntimeFixture(Map.of("aot-cache", "false"));
    private final ContextInternal loop = (ContextInternal) fixture.vertx().getOrCreateContext();
    private final Map<Integer, Integer> starts = new ConcurrentHashMap<>();
    private final List<Integer> order = new CopyOnWriteArrayList<>();
    private final JsonObject manifest = new JsonObject();
    private FunctionVersion function = function("ahead", "none", "");

    @AfterEach
    void close() {
        fixture.close();
    }

    private static JsonObject event(int n) {
        return new JsonObject().put("n", n);
    }

    private Future<Outcome> invoke(JsonObject event, Duration timeout) {
        return fixture.runtime.invoke(
                function, new Invocation.Event(timeout, new HandlerContext(new JsonObject()), event), new Progress() {
                    @Override
                    public void started() {
                        starts.merge(event.getInteger("n"), 1, Integer::sum);
                        order.add(event.getInteger("n"));
                    }

                    @Override
                    public void printed(List<LogLine> lines) {}
                });
    }

    /** All at once, on one event loop. */
    private List<Future<Outcome>> together(List<JsonObject> events) {
        return together(events, Duration.ofSeconds(10));
    }

    private List<Future<Outcome>> together(List<JsonObject> events, Duration timeout) {
        return together(loop, events, timeout);
    }

    private List<Future<Outcome>> together(ContextInternal from, List<JsonObject> events, Duration timeout) {
        Promise<List<Future<Outcome>>> called = Promise.promise();
        from.runOnContext(on -> called.complete(
                events.stream().map(event -> invoke(event, timeout)).toList()));
        return get(called.future());
    }

    /** A function that was quick on an instance of the loop, so that calls are sent along there. */
    private void warm() {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            function = function("ahead", "f" + NAMES.incrementAndGet(), manifest, Map.of("main.js", SOURCE));
            for (int i = 0; i < 200; i++) {
                get(together(List.of(event(0))).getFirst());
            }
            outcomes(together(quick(9)));
            // With a call more on its way than there are calls ahead, there would be a second one.
            return fixture.runtime.instanceCount() == 1 || !retired();
        });
        starts.clear();
        order.clear();
    }

    /** Lets what there is go, for another try. */
    private boolean retired() {
        fixture.runtime.retire("ahead", version -> true);
        return true;
    }

    private static List<JsonObject> quick(int count) {
        List<JsonObject> events = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            events.add(event(i));
        }
        return events;
    }

    private static String instance(Outcome outcome) {
        return new JsonArray(value(outcome)).getString(1);
    }

    private void eachRanOnce(List<Outcome> outcomes, int first) {
        for (int i = 0; i < outcomes.size(); i++) {
            JsonArray said = new JsonArray(value(outcomes.get(i)));
            assertThat(said.getInteger(0)).isEqualTo(first + i);
            assertThat(outcomes.get(i).report().logs())
                    .extracting(LogLine::text)
                    .containsExactly(said.getString(1));
            assertThat(starts).containsEntry(first + i, 1);
        }
        // No instance has seen more calls than answered: none of them ran twice.
        Map<String, List<Integer>> seen = new ConcurrentHashMap<>();
        outcomes.forEach(outcome -> {
            JsonArray said = new JsonArray(value(outcome));
            seen.computeIfAbsent(said.getString(1), name -> new ArrayList<>()).add(said.getInteger(2));
        });
        assertThat(seen.values()).allSatisfy(counts -> {
            List<Integer> sorted = counts.stream().sorted().toList();
            assertThat(sorted.getLast() - sorted.getFirst()).isEqualTo(sorted.size() - 1);
        });
    }

    private static List<Outcome> outcomes(List<Future<Outcome>> calls) {
        return calls.stream().map(RuntimeFixture::get).toList();
    }

    @Test
    void callsOfAQuickFunctionShareTheInstanceOfTheirLoop() {
        // Where a processor is busy elsewhere for long, a quick call is none and those behind it come back.
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            warm();
            List<Outcome> outcomes = outcomes(together(quick(9)));
            eachRanOnce(outcomes, 1);
            assertThat(fixture.runtime.waitingCount()).isZero();
            boolean shared = fixture.runtime.instanceCount() == 1 && order.equals(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9));
            return shared || !retired();
        });
    }

    @Test
    void callsOfAQuickFunctionGatherOnOneInstanceWhileAnotherIdles() {
        warm();
        outcomes(together(List.of(event(1).put("wait", 300), event(2))));
        assertThat(fixture.runtime.instanceCount()).isEqualTo(2);
        await().until(() -> {
            // One came back: others have to end before one is sent along again.
            for (int i = 0; i < 100; i++) {
                get(together(List.of(event(0))).getFirst());
            }
            return outcomes(together(quick(9))).stream()
                            .map(SentAheadTest::instance)
                            .distinct()
                            .count()
                    == 1;
        });
    }

    @Test
    void callsOfALoopThatHasNoInstanceGatherToo() {
        manifest.put("maxInstances", 2);
        warm();
        outcomes(together(List.of(event(1).put("wait", 300), event(2))));
        assertThat(fixture.runtime.instanceCount()).isEqualTo(2);
        ContextInternal other = anotherLoop();
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            for (int i = 0; i < 100; i++) {
                get(together(List.of(event(0))).getFirst());
            }
            starts.clear();
            List<Outcome> outcomes = outcomes(together(other, quick(17), Duration.ofSeconds(10)));
            eachRanOnce(outcomes, 1);
            // Each of the two takes one; who ends first takes the others that wait.
            return outcomes.stream()
                    .collect(Collectors.groupingBy(SentAheadTest::instance, Collectors.counting()))
                    .containsValue(16L);
        });
    }

    @Test
    void whatACallWaitsBehindAnotherIsToldAsItsWait() {
        manifest.put("maxInstances", 1);
        warm();
        List<Outcome> outcomes = outcomes(together(List.of(event(1).put("spin", 300), event(2), event(3))));
        eachRanOnce(outcomes, 1);
        assertThat(outcomes.stream().map(SentAheadTest::instance).distinct()).hasSize(1);
        Outcome.Report first = outcomes.getFirst().report();
        assertThat(first.queueMicros()).isLessThan(first.runMicros());
        assertThat(outcomes.subList(1, 3)).allSatisfy(outcome -> {
            assertThat(outcome.report().queueMicros())
                    .isGreaterThan(250_000)
                    .isGreaterThan(outcome.report().runMicros());
            assertThat(outcome.report().cpuMicros()).isPositive();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait", "spin"})
    void callsBehindOneThatWaitsOrComputesForLongComeBackAndRunElsewhere(String how) {
        warm();
        List<Future<Outcome>> calls = together(List.of(event(1).put(how, 3000), event(2), event(3), event(4)));
        List<Outcome> others = outcomes(calls.subList(1, 4));
        assertThat(calls.getFirst().isComplete()).isFalse();
        eachRanOnce(others, 2);
        Outcome slow = get(calls.getFirst());
        eachRanOnce(List.of(slow), 1);
        assertThat(others).extracting(SentAheadTest::instance).doesNotContain(instance(slow));
    }

    @Test
    void aFunctionThatTurnsSlowRunsInParallel() {
        warm();
        List<JsonObject> events = quick(4);
        events.forEach(event -> event.put("wait", 1000));
        List<Outcome> outcomes = outcomes(together(events));
        eachRanOnce(outcomes, 1);
        assertThat(outcomes.stream().map(SentAheadTest::instance).distinct()).hasSize(4);
    }

    @Test
    void callsThatComeBackAndFindNoInstanceKeepTheirOrder() {
        manifest.put("maxInstances", 1);
        warm();
        List<JsonObject> events = quick(9);
        events.getFirst().put("wait", 300);
        List<Outcome> outcomes = outcomes(together(events));
        eachRanOnce(outcomes, 1);
        assertThat(outcomes.stream().map(outcome -> new JsonArray(value(outcome)).getInteger(2)))
                .isSorted();
    }

    @Test
    void ofACallThatNeverEndsThoseBehindItKnowNothing() {
        warm();
        List<Future<Outcome>> calls =
                together(List.of(event(1).put("spin", 60_000), event(2), event(3)), Duration.ofMillis(500));
        assertThat(failure(get(calls.getFirst())).kind()).isEqualTo(Failure.Kind.TIMEOUT);
        eachRanOnce(outcomes(calls.subList(1, 3)), 2);
    }

    @Test
    void ofACallThatFillsTheMemoryThoseBehindItKnowNothing() {
        warm();
        List<Future<Outcome>> calls = together(List.of(event(1).put("fill", true), event(2), event(3)));
        assertThat(failure(get(calls.getFirst())).kind()).isIn(Failure.Kind.MEMORY, Failure.Kind.CRASHED);
        eachRanOnce(outcomes(calls.subList(1, 3)), 2);
    }

    @Test
    void ofALostWorkerOnlyTheCallThatRanFails() {
        warm();
        List<Future<Outcome>> calls = together(List.of(event(1).put("spin", 8000), event(2), event(3), event(4)));
        await().until(() -> starts.containsKey(1));
        RuntimeFixture.killWorkers();
        assertThat(failure(get(calls.getFirst())).kind()).isEqualTo(Failure.Kind.CRASHED);
        eachRanOnce(outcomes(calls.subList(1, 4)), 2);
    }

    @Test
    void whatAnInstanceSaidBeforeItsEndIsReadWhereItTakesNoMore() {
        warm();
        Promise<List<Future<Outcome>>> called = Promise.promise();
        loop.runOnContext(on -> {
            Future<Outcome> first = invoke(event(1), Duration.ofSeconds(10));
            Future<Outcome> second = invoke(event(2).put("spin", 60_000), Duration.ofMillis(300));
            // Nobody reads meanwhile that the instance has ended, so that the third call is written to it.
            LockSupport.parkNanos(1_500_000_000L);
            called.complete(List.of(first, second, invoke(event(3), Duration.ofSeconds(10))));
        });
        List<Future<Outcome>> calls = get(called.future());
        eachRanOnce(List.of(get(calls.getFirst())), 1);
        assertThat(failure(get(calls.get(1))).kind()).isEqualTo(Failure.Kind.TIMEOUT);
        eachRanOnce(List.of(get(calls.getLast())), 3);
        assertThat(order).containsExactly(1, 2, 3);
    }

    @Test
    void theTimeOfACallCountsFromItsOwnBeginning() {
        warm();
        // The second one's is over, by the clock, before it begins; the first one would be killed 0.2 s past its own.
        List<Future<Outcome>> calls = together(
                List.of(event(1).put("spin", 700), event(2).put("spin", 700), event(3).put("spin", 700)),
                Duration.ofSeconds(1));
        eachRanOnce(outcomes(calls), 1);
    }

    @Test
    void callsAreSentAlongInOnePlaceAndNotPastOneThatWaitsForIt() {
        fixture.close();
        fixture = new RuntimeFixture(Map.of("aot-cache", "false", "share.own", "1", "share.common", "0"));
        warm();
        FunctionVersion quick = function;
        FunctionVersion other = function("ahead", "other", Map.of("main.js", SOURCE));
        function = other;
        value(get(together(List.of(event(0))).getFirst()));
        // Where a processor is busy elsewhere for long, the second and third are handed back and wait for the place
        // again.
        await().until(() -> {
            order.clear();
            Promise<List<Future<Outcome>>> called = Promise.promise();
            loop.runOnContext(on -> {
                List<Future<Outcome>> calls = new ArrayList<>();
                for (int n = 1; n <= 5; n++) {
                    function = n == 4 ? other : quick;
                    calls.add(invoke(event(n), Duration.ofSeconds(10)));
                }
                called.complete(calls);
            });
            outcomes(get(called.future())).forEach(RuntimeFixture::value);
            return order.equals(List.of(1, 2, 3, 4, 5));
        });
    }

    @Test
    void retiredWhileCallsAreAheadTheyEnd() {
        warm();
        List<Future<Outcome>> calls = together(List.of(event(1).put("spin", 500), event(2), event(3)));
        fixture.runtime.retire("ahead", version -> true);
        eachRanOnce(outcomes(calls), 1);
    }

    @Test
    void retiredWhileCallsAreToComeBackTheyRunAllTheSame() {
        warm();
        List<Future<Outcome>> calls = together(List.of(event(1).put("wait", 500), event(2), event(3)));
        fixture.runtime.retire("ahead", version -> true);
        List<Outcome> outcomes = outcomes(calls);
        assertThat(outcomes.stream().map(outcome -> new JsonArray(value(outcome)).getInteger(0)))
                .containsExactly(1, 2, 3);
    }

    @Test
    void aCallerThatLeavesWhileItsCallWaitsBehindAnotherDoesNoHarm() {
        warm();
        Promise<Void> left = Promise.promise();
        Promise<List<Future<Outcome>>> called = Promise.promise();
        loop.runOnContext(on -> called.complete(List.of(
                invoke(event(1).put("spin", 300), Duration.ofSeconds(5)),
                fixture.runtime.invoke(
                        function,
                        new Invocation.Http(
                                Duration.ofSeconds(10),
                                new HandlerContext(new JsonObject()),
                                "GET",
                                "http://p.example/",
                                List.of(),
                                Buffer.buffer(),
                                new Links(null, null, left.future()))),
                invoke(event(3), Duration.ofSeconds(5)))));
        List<Future<Outcome>> calls = get(called.future());
        await().until(() -> starts.containsKey(1));
        left.complete();
        assertThat(failure(get(calls.get(1))).kind()).isEqualTo(Failure.Kind.CANCELLED);
        eachRanOnce(List.of(get(calls.getFirst())), 1);
        eachRanOnce(List.of(get(calls.getLast())), 3);
    }

    /** As its loop has no instance, only one that has nothing left takes it. */
    @Test
    void aCallOfAnotherLoopIsNotOvertakenForEver() {
        manifest.put("maxInstances", 1);
        function = function("ahead", "tiny", manifest, Map.of("main.js", "export const onEvent = (e) => [e.n];"));
        for (int i = 0; i < 2000; i++) {
            get(together(List.of(event(0))).getFirst());
        }
        order.clear();
        AtomicBoolean goesOn = new AtomicBoolean(true);
        for (int i = 0; i < 40; i++) {
            loop.runOnContext(on -> flood(goesOn));
        }
        await().until(() -> order.size() > 400);
        ContextInternal other = anotherLoop();
        Promise<Outcome> answer = Promise.promise();
        AtomicInteger before = new AtomicInteger();
        other.runOnContext(on -> {
            before.set(order.size());
            invoke(event(2), Duration.ofSeconds(10)).onComplete(answer);
        });
        assertThat(new JsonArray(value(get(answer.future()))).getInteger(0)).isEqualTo(2);
        goesOn.set(false);
        // Those that waited already, and those that were on their way.
        assertThat(order.indexOf(2) - before.get()).isLessThan(60);
    }

    /** Vert.x gives its loops out in turn, so now and then it is the one there is. */
    private ContextInternal anotherLoop() {
        return Stream.generate(((VertxInternal) fixture.vertx())::createEventLoopContext)
                .limit(100)
                .filter(context -> !context.nettyEventLoop().equals(loop.nettyEventLoop()))
                .findFirst()
                .orElseThrow();
    }

    /** One call after the other. */
    private void flood(AtomicBoolean goesOn) {
        invoke(event(1), Duration.ofSeconds(10)).onSuccess(done -> {
            if (goesOn.get()) {
                flood(goesOn);
            }
        });
    }
}
