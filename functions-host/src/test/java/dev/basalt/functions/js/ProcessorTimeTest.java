package dev.basalt.functions.js;

import static dev.basalt.functions.js.RuntimeFixture.failure;
import static dev.basalt.functions.js.RuntimeFixture.function;
import static dev.basalt.functions.js.RuntimeFixture.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.HandlerContext;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What calls of isolates are charged as time on a processor. */
class ProcessorTimeTest {
    private static final RuntimeFixture FIXTURE = new RuntimeFixture(Map.of("aot-cache", "false"));
    private static final String WORK = """
            export async function onEvent(event) {
              if (event.wait) await new Promise((done) => setTimeout(done, event.wait));
              let sum = 0;
              for (let i = 0; i < event.rounds; i++) sum = (sum * 31 + i) % 1000003;
              if (event.after) await new Promise((done) => setTimeout(done, event.after));
              return { sum };
            }
            """;
    private static final String COMPUTE = "{\"wait\":10,\"rounds\":20000000}";

    @AfterAll
    static void close() {
        FIXTURE.close();
    }

    @Test
    void itIsWhatACallComputedAndNotWhatItWaited() {
        FunctionVersion function = function("cpu", "work", WORK);
        Outcome.Report computed = FIXTURE.event(function, COMPUTE, 20_000).report();
        Outcome.Report waited =
                FIXTURE.event(function, "{\"wait\":300,\"rounds\":1}", 5_000).report();
        assertThat(computed.cpuMicros()).isBetween(5_000L, computed.runMicros());
        assertThat(waited.cpuMicros()).isBetween(1L, waited.runMicros() / 2);
    }

    @Test
    void callsThatShareAnInstanceAreEachChargedForTheirOwnTurns() {
        FunctionVersion function = function(
                "cpu",
                "shared",
                new JsonObject().put("concurrency", 2).put("maxInstances", 1),
                Map.of("main.js", WORK));
        FIXTURE.event(function, "{\"rounds\":1}", 5_000);
        Future<Outcome> waiting = invoke(function, "{\"wait\":1000,\"rounds\":1}");
        // Ends behind the other one, which must not be charged for what was computed meanwhile.
        Future<Outcome> computing = invoke(function, "{\"wait\":10,\"rounds\":20000000,\"after\":2000}");
        long computed = get(computing).report().cpuMicros();
        assertThat(computed).isGreaterThan(5_000);
        assertThat(get(waiting).report().cpuMicros()).isBetween(1L, computed / 2);
    }

    @Test
    void whatLoopsUntilItIsEndedHasUsedItsTime() {
        Outcome ended = FIXTURE.event(function("cpu", "loop", "export function onEvent() { for (;;); }"), "{}", 400);
        assertThat(failure(ended).kind()).isEqualTo(Failure.Kind.TIMEOUT);
        assertThat(ended.report().cpuMicros()).isGreaterThan(5_000);
    }

    private static Future<Outcome> invoke(FunctionVersion function, String event) {
        return FIXTURE.runtime.invoke(
                function,
                new Invocation.Event(
                        Duration.ofSeconds(20), new HandlerContext(new JsonObject()), new JsonObject(event)));
    }
}
