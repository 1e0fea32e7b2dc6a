package dev.basalt.functions.process;

import static dev.basalt.functions.process.ProcessFixture.failure;
import static dev.basalt.functions.process.ProcessFixture.function;
import static dev.basalt.functions.process.ProcessFixture.node;
import static dev.basalt.functions.process.ProcessFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.Isolation;
import dev.basalt.functions.runtime.Outcome;
import io.vertx.core.Future;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How processes come and go: bounds, idling, new versions, hosts that stop or are killed. */
class ProcessLifeTest {
    private static final String SLEEPER =
            "let calls = 0; exports.handler = async (e) => { calls++; await new Promise((d) => setTimeout(d, e.ms)); return calls; };";

    @BeforeAll
    static void needsNode() {
        Missing.skipWithout("node", Missing.NODE);
    }

    private static FunctionVersion scaled(String name, String scaling) {
        return function("p", name, "{\"runtime\":\"nodejs\"," + scaling + "}", Map.of("index.js", SLEEPER));
    }

    private static List<Outcome> all(ProcessFixture fixture, FunctionVersion function, int calls, int millis) {
        List<Future<Outcome>> running = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            running.add(fixture.invoke(function, "{\"ms\":" + millis + "}", 10_000));
        }
        return running.stream().map(ProcessFixture::get).toList();
    }

    @Test
    void pastItsInstancesAndItsQueueAFunctionRefuses() {
        try (ProcessFixture fixture = new ProcessFixture(Map.of())) {
            FunctionVersion bounded = scaled("bounded", "\"maxInstances\":2,\"queue\":3");
            List<Outcome> outcomes = all(fixture, bounded, 9, 300);
            assertThat(outcomes.stream().filter(each -> each.result() instanceof Outcome.Result.Failed))
                    .hasSize(4)
                    .allMatch(each -> failure(each).kind() == Failure.Kind.OVERLOADED);
            assertThat(fixture.runtime.instanceCount()).isEqualTo(2);
        }
    }

    @Test
    void oneInstanceRunsAsManyCallsAtATimeAsItsConcurrencySays() {
        try (ProcessFixture fixture = new ProcessFixture(Map.of())) {
            FunctionVersion concurrent = scaled("concurrent", "\"maxInstances\":1,\"concurrency\":5");
            List<Outcome> outcomes = all(fixture, concurrent, 5, 500);
            // All five are in before the first one leaves: each sees the same count in the end.
            assertThat(outcomes).allMatch(each -> value(each).equals("5"));
            assertThat(fixture.runtime.instanceCount()).isEqualTo(1);
        }
    }

    @Test
    void idleProcessesGoToZeroAndComeBackAndTheLeastStays() {
        try (ProcessFixture fixture = new ProcessFixture(Map.of())) {
            FunctionVersion brief = scaled("brief", "\"idleMs\":300");
            assertThat(value(fixture.event(brief, "{\"ms\":0}", 5000))).isEqualTo("1");
            assertThat(fixture.runtime.instanceCount()).isEqualTo(1);
            await().atMost(Duration.ofSeconds(10)).until(() -> fixture.runtime.instanceCount() == 0);
            Outcome again = fixture.event(brief, "{\"ms\":0}", 5000);
            assertThat(value(again)).isEqualTo("1");
            assertThat(again.report().cold()).isTrue();
            FunctionVersion warm = scaled("warm", "\"idleMs\":300,\"minInstances\":1");
            all(fixture, warm, 3, 300);
            await().atMost(Duration.ofSeconds(10)).until(() -> fixture.runtime.instanceCount() == 1);
            assertThat(fixture.event(warm, "{\"ms\":0}", 5000).report().cold()).isFalse();
        }
    }

    @Test
    void whatRunsOnARetiredVersionIsFinished() {
        try (ProcessFixture fixture = new ProcessFixture(Map.of())) {
            FunctionVersion old = scaled("drained", "\"maxInstances\":1");
            value(fixture.event(old, "{\"ms\":0}", 5000));
            Future<Outcome> running = fixture.invoke(old, "{\"ms\":400}", 5000);
            Future<Outcome> waiting = fixture.invoke(old, "{\"ms\":0}", 5000);
            fixture.runtime.retire("p", version -> version.name().equals("drained"));
            assertThat(value(ProcessFixture.get(running))).isEqualTo("2");
            assertThat(value(ProcessFixture.get(waiting))).isEqualTo("3");
            await().atMost(Duration.ofSeconds(10)).until(() -> fixture.runtime.instanceCount() == 0);
            await().atMost(Duration.ofSeconds(10)).until(() -> unpacked() == 0);
        }
    }

    private static long unpacked() throws IOException {
        try (Stream<Path> hosts = Files.list(ProcessFixture.HOME)) {
            long count = 0;
            for (Path host : hosts.filter(path -> path.toString()
                            .contains("host-" + ProcessHandle.current().pid() + "-"))
                    .toList()) {
                try (Stream<Path> entries = Files.list(host)) {
                    count += entries.filter(path -> path.toString().contains("task-"))
                            .count();
                }
            }
            return count;
        }
    }

    @Test
    void idleProcessesOfOthersMakeRoom() {
        try (ProcessFixture fixture = new ProcessFixture(Map.of("max-processes", "2"))) {
            value(fixture.event(scaled("a", "\"memoryMb\":128"), "{\"ms\":0}", 5000));
            value(fixture.event(scaled("b", "\"memoryMb\":128"), "{\"ms\":0}", 5000));
            assertThat(value(fixture.event(scaled("c", "\"memoryMb\":128"), "{\"ms\":0}", 5000)))
                    .isEqualTo("1");
            assertThat(fixture.runtime.instanceCount()).isEqualTo(2);
            Future<Outcome> one = fixture.invoke(scaled("b", "\"memoryMb\":128"), "{\"ms\":1500}", 5000);
            Future<Outcome> two = fixture.invoke(scaled("c", "\"memoryMb\":128"), "{\"ms\":1500}", 5000);
            assertThat(failure(fixture.event(scaled("d", "\"memoryMb\":128"), "{\"ms\":0}", 5000))
                            .kind())
                    .isEqualTo(Failure.Kind.OVERLOADED);
            value(ProcessFixture.get(one));
            value(ProcessFixture.get(two));
        }
    }

    @Test
    void aProjectThatHasAllProcessesGivesOneToAnotherBeforeItsOwnNextCall() {
        try (ProcessFixture fixture = new ProcessFixture(Map.of("max-processes", "2"))) {
            FunctionVersion flood = scaled("flood", "\"maxInstances\":2");
            all(fixture, flood, 2, 0);
            List<Future<Outcome>> calls = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                calls.add(fixture.invoke(flood, "{\"ms\":2000}", 10_000));
            }
            assertThat(value(fixture.event(node("calm", "f", SLEEPER), "{\"ms\":0}", 5000)))
                    .isEqualTo("1");
            assertThat(calls.getLast().isComplete()).isFalse();
            calls.forEach(each -> value(ProcessFixture.get(each)));
        }
    }

    @Test
    void theLeastIsThereWithoutACallAndGoesWithItsVersion() {
        try (ProcessFixture fixture = new ProcessFixture(Map.of())) {
            FunctionVersion kept = scaled("kept", "\"idleMs\":100,\"minInstances\":2");
            fixture.runtime.keep(kept);
            await().atMost(Duration.ofSeconds(10)).until(() -> fixture.runtime.instanceCount() == 2);
            assertThat(fixture.event(node("p", "other", SLEEPER), "{\"ms\":0}", 5000)
                            .report()
                            .cold())
                    .isTrue();
            // Two are made before any call; a call that comes while they start waits for one of them.
            await().atMost(Duration.ofSeconds(10))
                    .until(() ->
                            !fixture.event(kept, "{\"ms\":0}", 5000).report().cold());
            assertThat(fixture.event(kept, "{\"ms\":1000}", 5000).report().cold())
                    .isFalse();
            // The other one idled for longer than it may while that call ran.
            assertThat(fixture.runtime.instanceCount()).isEqualTo(3);
            fixture.runtime.retire("p", version -> true);
            await().atMost(Duration.ofSeconds(10)).until(() -> fixture.runtime.instanceCount() == 0);
        }
    }

    @Test
    void withoutASandboxStrangersCodeIsRefusedAndTrustedCodeRuns() {
        Map<String, String> open = Map.of("sandbox", "false", "cgroup", "false");
        try (ProcessFixture fixture = new ProcessFixture(open, true)) {
            Failure failure = failure(fixture.event(node("p", "f", SLEEPER), "{\"ms\":0}", 5000));
            assertThat(failure.kind()).isEqualTo(Failure.Kind.UNAVAILABLE);
            assertThat(failure.message()).contains("basalt.functions.untrusted", "bubblewrap is switched off");
            assertThat(fixture.runtime.instanceCount()).isZero();
        }
        try (ProcessFixture fixture = new ProcessFixture(open)) {
            assertThat(fixture.runtime.isolation().level()).isEqualTo(Isolation.Level.PROCESS);
            assertThat(value(fixture.event(node("p", "f", SLEEPER), "{\"ms\":0}", 5000)))
                    .isEqualTo("1");
            assertThat(failure(fixture.event(node("p", "g", "exports.handler = () => { for (;;); }"), "{}", 500))
                            .kind())
                    .isEqualTo(Failure.Kind.TIMEOUT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void aKilledHostLeavesNoProcess(String sandbox) throws Exception {
        Process host = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Host.class.getName(),
                        sandbox)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(host.getInputStream(), StandardCharsets.UTF_8))) {
            String line = out.readLine();
            while (line != null && !line.startsWith("processes ")) {
                line = out.readLine();
            }
            assertThat(line).isNotNull();
            List<ProcessHandle> processes = Stream.of(line.split(" ", -1))
                    .skip(1)
                    .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
                    .toList();
            assertThat(processes).hasSizeGreaterThanOrEqualTo(2).allMatch(ProcessHandle::isAlive);
            host.destroyForcibly();
            await().atMost(Duration.ofSeconds(5)).until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
        } finally {
            host.destroyForcibly();
        }
        try (ProcessFixture next = new ProcessFixture(Map.of("sandbox", sandbox, "cgroup", sandbox))) {
            value(next.event(node("p", "f", SLEEPER), "{\"ms\":0}", 5000));
            try (Stream<Path> left = Files.list(ProcessFixture.HOME)) {
                assertThat(left.map(Path::toString)).noneMatch(path -> path.contains("host-" + host.pid() + "-"));
            }
        }
    }

    /** The host to be killed: one process idle, one in an endless loop. */
    public static final class Host {
        private Host() {}

        public static void main(String[] arguments) throws InterruptedException {
            ProcessFixture fixture = new ProcessFixture(Map.of("sandbox", arguments[0], "cgroup", arguments[0]));
            value(fixture.event(node("idle", "f", SLEEPER), "{\"ms\":0}", 5000));
            var _ = fixture.invoke(node("busy", "f", "exports.handler = () => { for (;;); }"), "{}", 100_000);
            while (ProcessHandle.current().descendants().count() < 2) {
                Thread.onSpinWait();
            }
            Thread.sleep(500);
            StringBuilder line = new StringBuilder("processes");
            ProcessHandle.current()
                    .descendants()
                    .forEach(process -> line.append(' ').append(process.pid()));
            System.out.println(line);
            Thread.sleep(60_000);
        }
    }
}
