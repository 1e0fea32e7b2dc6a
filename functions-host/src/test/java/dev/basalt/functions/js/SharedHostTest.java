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
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Several projects on one runtime where each may run one call at a time. */
class SharedHostTest {
    private static final RuntimeFixture FIXTURE = new RuntimeFixture(Map.of(
            "aot-cache",
            "false",
            "share.own",
            "1",
            "share.common",
            "0",
            "share.max-queue",
            "1",
            "share.queue-timeout",
            "PT20S"));
    private static final String WAITS =
            "export const onEvent = (e) => new Promise((done) => setTimeout(() => done(e.ms), e.ms));";

    private final List<String> started = new CopyOnWriteArrayList<>();

    @AfterAll
    static void close() {
        FIXTURE.close();
    }

    private Future<Outcome> invoke(FunctionVersion function, int ms, Links links) {
        return FIXTURE.runtime.invoke(
                function,
                new Invocation.Event(
                        Duration.ofSeconds(20),
                        new HandlerContext(new JsonObject()),
                        new JsonObject().put("ms", ms),
                        links),
                new Progress() {
                    @Override
                    public void started() {
                        started.add(function.name());
                    }

                    @Override
                    public void printed(List<LogLine> lines) {}
                });
    }

    @Test
    void anothersCallIsTakenBeforeThoseOfAFlood() {
        FunctionVersion first = function("flood", "first", WAITS);
        FunctionVersion second = function("flood", "second", WAITS);
        Future<Outcome> running = invoke(first, 3000, Links.NONE);
        await().until(() -> started.contains("first"));
        Future<Outcome> queued = invoke(second, 1, Links.NONE);
        // Its instance is there, and the call still waits.
        await().until(() -> FIXTURE.runtime.instanceCount() == 2 && FIXTURE.runtime.waitingCount() == 0);
        assertThat(value(get(invoke(function("calm", "third", WAITS), 1, Links.NONE))))
                .isEqualTo("1");
        assertThat(started).containsExactly("first", "third");
        assertThat(value(get(running))).isEqualTo("3000");
        Outcome last = get(queued);
        assertThat(value(last)).isEqualTo("1");
        assertThat(started).containsExactly("first", "third", "second");
        assertThat(last.report().queueMicros()).isGreaterThan(last.report().runMicros());
    }

    @Test
    void whatARunningCallWaitsForRunsWithoutAPlace() {
        Future<Outcome> caller = invoke(function("nests", "caller", WAITS), 3000, Links.NONE);
        await().until(() -> started.contains("caller"));
        Links awaited = new Links(null, null, -1, null, true);
        assertThat(value(get(invoke(function("nests", "nested", WAITS), 1, awaited))))
                .isEqualTo("1");
        assertThat(caller.isComplete()).isFalse();
        assertThat(value(get(caller))).isEqualTo("3000");
    }

    @Test
    void pastItsQueueAProjectIsRefusedAndItsInstanceIsFree() {
        List<Future<Outcome>> calls = new ArrayList<>();
        FunctionVersion wide = function(
                "wide",
                "wide",
                new JsonObject().put("concurrency", 8).put("maxInstances", 1),
                Map.of("main.js", WAITS));
        value(get(invoke(wide, 1, Links.NONE)));
        for (int i = 0; i < 4; i++) {
            calls.add(invoke(wide, 500, Links.NONE));
        }
        List<Outcome> outcomes = calls.stream().map(RuntimeFixture::get).toList();
        assertThat(outcomes.subList(0, 2))
                .allSatisfy(outcome -> assertThat(value(outcome)).isEqualTo("500"));
        assertThat(outcomes.subList(2, 4))
                .allSatisfy(outcome -> assertThat(failure(outcome).kind()).isEqualTo(Failure.Kind.OVERLOADED));
        assertThat(value(get(invoke(wide, 2, Links.NONE)))).isEqualTo("2");
    }
}
