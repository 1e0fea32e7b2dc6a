package dev.basalt.functions.process;

import static dev.basalt.functions.process.ProcessFixture.node;
import static dev.basalt.functions.process.ProcessFixture.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.Outcome;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Prints the figures of docs/design/functions.md; not part of the tests, because a busy machine makes them what it likes. */
class ProcessFigures {
    private static final int COLD = 11;
    private static final int WARM = 3_000;

    @Test
    void printsFigures() throws Exception {
        FunctionVersion node = node("f", "node", "exports.handler = async (e) => ({ n: e.n });");
        FunctionVersion python = ProcessFixture.function(
                "f",
                "python",
                "{\"runtime\":\"python\"}",
                Map.of("main.py", "def handler(e, c): return {'n': e['n']}"));
        FunctionVersion java = OtherRuntimesTest.javaFunction("f", "java");
        Path script = Files.writeString(Files.createTempFile("own", ".js"), "0");
        Path module = Files.writeString(Files.createTempFile("own", ".py"), "0");
        String javaHome = System.getProperty("java.home");
        System.out.println("FIG node alone " + alone(Missing.NODE, script.toString()));
        System.out.println("FIG python alone " + alone(Missing.PYTHON, module.toString()));
        System.out.println("FIG java alone "
                + alone(
                        Optional.of(Path.of(javaHome, "bin", "java")),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-version"));
        for (String sandbox : List.of("true", "false")) {
            print("node sandbox=" + sandbox, sandbox, node);
            print("python sandbox=" + sandbox, sandbox, python);
        }
        TaskDirectory.delete(ProcessFixture.HOME.resolve("archives"));
        try (ProcessFixture fixture = new ProcessFixture(settings("true", "false"))) {
            cold("java without archive", fixture, java);
        }
        try (ProcessFixture fixture = new ProcessFixture(settings("true", "true"))) {
            value(fixture.event(java, "{\"n\":1}", 20_000));
            Thread.sleep(15_000);
        }
        print("java with archive", "true", java);
    }

    private static Map<String, String> settings(String sandbox, String archive) {
        return Map.of("sandbox", sandbox, "cgroup", sandbox, "class-archive", archive, "init-timeout", "PT30S");
    }

    private static String alone(Optional<Path> program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.orElseThrow().toString()));
        command.addAll(List.of(arguments));
        List<Long> micros = new ArrayList<>();
        for (int i = 0; i < COLD; i++) {
            long start = System.nanoTime();
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            micros.add((System.nanoTime() - start) / 1_000);
        }
        return spread(micros);
    }

    private static void print(String label, String sandbox, FunctionVersion function) {
        try (ProcessFixture fixture = new ProcessFixture(settings(sandbox, "true"))) {
            cold(label, fixture, function);
            List<Long> micros = new ArrayList<>();
            for (int i = 0; i < WARM; i++) {
                long start = System.nanoTime();
                Outcome outcome = fixture.event(function, "{\"n\":1}", 10_000);
                micros.add((System.nanoTime() - start) / 1_000);
                assertThat(new JsonObject(value(outcome)).getInteger("n")).isEqualTo(1);
            }
            System.out.println("FIG " + label + " warm " + spread(micros.subList(WARM / 3, WARM)) + " peak KiB "
                    + fixture.event(function, "{\"n\":1}", 10_000).report().peakKib());
        }
    }

    private static void cold(String label, ProcessFixture fixture, FunctionVersion function) {
        List<Long> micros = new ArrayList<>();
        for (int i = 0; i < COLD; i++) {
            Outcome outcome = fixture.event(function, "{\"n\":1}", 20_000);
            micros.add(outcome.report().initMicros());
            fixture.runtime.retire("f", version -> true);
            while (fixture.runtime.instanceCount() > 0) {
                Thread.onSpinWait();
            }
        }
        System.out.println("FIG " + label + " cold " + spread(micros.subList(1, COLD)));
    }

    private static String spread(List<Long> micros) {
        List<Long> sorted = new ArrayList<>(micros);
        Collections.sort(sorted);
        return "min " + sorted.getFirst() + " median " + sorted.get(sorted.size() / 2) + " p99 "
                + sorted.get(sorted.size() * 99 / 100) + " us";
    }
}
