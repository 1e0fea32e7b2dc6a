package dev.basalt.functions.js;

import static dev.basalt.functions.js.RuntimeFixture.failure;
import static dev.basalt.functions.js.RuntimeFixture.function;
import static dev.basalt.functions.js.RuntimeFixture.get;
import static dev.basalt.functions.js.StreamingTest.read;
import static dev.basalt.functions.js.StreamingTest.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.basalt.functions.runtime.BrokenOffException;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.Outcome;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A worker that is killed under an answer that flows; a class of its own, as all workers there are go. */
class KilledWorkerTest {
    @Test
    void anAnswerWhoseWorkerIsKilledBreaksOffByThat() {
        try (RuntimeFixture fixture = new RuntimeFixture(Map.of("aot-cache", "false"))) {
            Outcome outcome = fixture.http(
                    function(
                            "killed",
                            "flows",
                            "export default { fetch: () => new Response(new ReadableStream({ pull: () => new Promise((done) => setTimeout(done, 60000)) })) };"),
                    "GET",
                    "",
                    30_000);
            RuntimeFixture.killWorkers();
            assertThatThrownBy(() -> get(read(stream(outcome).body(), part -> {})))
                    .rootCause()
                    .isInstanceOfSatisfying(
                            BrokenOffException.class,
                            off -> assertThat(off.failure().kind()).isEqualTo(Failure.Kind.CRASHED));
            assertThat(failure(get(outcome.ended())).kind()).isEqualTo(Failure.Kind.CRASHED);
        }
    }
}
