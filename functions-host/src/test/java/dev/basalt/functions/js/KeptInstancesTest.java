package dev.basalt.functions.js;

import static dev.basalt.functions.js.RuntimeFixture.function;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.Outcome;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Instances that are there before a call, and stay. */
class KeptInstancesTest {
    private static final String SOURCE =
            "export const onEvent = (e) => e.die ? new Array(2 ** 27).fill(1.1).length : 1;";

    private static FunctionVersion kept(String project, int least) {
        return function(
                project,
                "kept",
                new JsonObject()
                        .put("minInstances", least)
                        .put("maxInstances", 3)
                        .put("idleMs", 200),
                Map.of("main.js", SOURCE));
    }

    @Test
    void theyAreMadeWithoutACallAndStayPastAllIdleTimes() {
        try (RuntimeFixture fixture = new RuntimeFixture(Map.of("aot-cache", "false", "worker-idle", "PT0.3S"))) {
            fixture.runtime.keep(kept("p", 2));
            await().until(() -> fixture.runtime.workerCount() == 1 && fixture.runtime.instanceCount() == 2);
            // Gone by now: the blank worker, and whatever else of another project idled.
            fixture.event(function("q", "other", "export const onEvent = () => 1;"), "{}", 5000);
            await().until(() -> fixture.runtime.workerCount() == 1);
            Outcome warm = fixture.event(kept("p", 2), "{}", 5000);
            assertThat(warm.report().cold()).isFalse();
        }
    }

    @Test
    void theyComeBackWhenTheirWorkerIsLostAndGoWhenRetired() {
        try (RuntimeFixture fixture = new RuntimeFixture(Map.of("aot-cache", "false", "worker-idle", "PT0.3S"))) {
            fixture.runtime.keep(kept("p", 1));
            await().until(() -> fixture.runtime.instanceCount() == 1);
            RuntimeFixture.failure(fixture.event(kept("p", 1), "{\"die\":true}", 5000));
            await().until(() -> fixture.runtime.instanceCount() == 1
                    && !fixture.event(kept("p", 1), "{}", 5000).report().cold());
            fixture.runtime.retire("p", version -> true);
            await().until(() -> fixture.runtime.instanceCount() == 0 && fixture.runtime.workerCount() == 0);
        }
    }

    @Test
    void nothingOfAnotherProjectEndsForThem() {
        try (RuntimeFixture fixture = new RuntimeFixture(Map.of("aot-cache", "false", "max-workers", "1"))) {
            FunctionVersion other = function("q", "other", "export const onEvent = () => 1;");
            fixture.event(other, "{}", 5000);
            fixture.runtime.keep(kept("p", 1));
            assertThat(fixture.event(other, "{}", 5000).report().cold()).isFalse();
            assertThat(fixture.runtime.instanceCount()).isEqualTo(1);
        }
    }
}
