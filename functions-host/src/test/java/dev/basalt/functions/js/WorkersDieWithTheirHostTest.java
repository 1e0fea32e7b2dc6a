package dev.basalt.functions.js;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host that is killed leaves no worker behind, busy or idle, sandboxed or not. */
class WorkersDieWithTheirHostTest {
    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void killingTheHostEndsItsWorkers(String sandbox) throws Exception {
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
            while (line != null && !line.startsWith("workers ")) {
                line = out.readLine();
            }
            assertThat(line).isNotNull();
            List<ProcessHandle> workers = Stream.of(line.split(" ", -1))
                    .skip(1)
                    .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
                    .toList();
            assertThat(workers).isNotEmpty().allMatch(ProcessHandle::isAlive);
            host.destroyForcibly();
            await().atMost(Duration.ofSeconds(5)).until(() -> workers.stream().noneMatch(ProcessHandle::isAlive));
        } finally {
            host.destroyForcibly();
        }
    }

    /** The host to be killed: one function warm and idle, one in an endless loop. */
    public static final class Host {
        private Host() {}

        public static void main(String[] arguments) throws InterruptedException {
            RuntimeFixture fixture =
                    new RuntimeFixture(Map.of("aot-cache", "false", "sandbox", arguments[0], "cgroup", arguments[0]));
            fixture.event(RuntimeFixture.function("idle", "f", "export const onEvent = () => 1;"), "{}", 1000);
            Thread.ofVirtual()
                    .start(() -> fixture.event(
                            RuntimeFixture.function("busy", "f", "export const onEvent = () => { while (true) {} };"),
                            "{}",
                            100_000));
            while (fixture.runtime.workerCount() < 3) {
                Thread.onSpinWait();
            }
            Thread.sleep(300);
            StringBuilder line = new StringBuilder("workers");
            ProcessHandle.current()
                    .descendants()
                    .forEach(process -> line.append(' ').append(process.pid()));
            System.out.println(line);
            Thread.sleep(60_000);
        }
    }
}
