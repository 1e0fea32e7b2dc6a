package dev.basalt.functions.js;

import static dev.basalt.functions.js.RuntimeFixture.function;
import static dev.basalt.functions.js.RuntimeFixture.get;

import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.HandlerContext;
import dev.basalt.functions.runtime.Invocation;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Prints what the runtime costs on this machine; run by hand, it asserts nothing. */
public final class JsRuntimeFigures {
    private JsRuntimeFigures() {}

    public static void main(String[] arguments) throws Exception {
        for (Map<String, String> settings : List.of(
                Map.of("max-workers", "100"), Map.of("max-workers", "100", "sandbox", "false", "cgroup", "false"))) {
            try (RuntimeFixture fixture = new RuntimeFixture(settings)) {
                System.out.println(fixture.runtime.isolation());
                FunctionVersion first = function("a", "f", "export const onEvent = (e) => ({ record: e.record });");
                long start = System.nanoTime();
                fixture.event(first, "{\"record\":{}}", 1000);
                System.out.printf("first call of all: %d ms%n", (System.nanoTime() - start) / 1_000_000);
                Thread.sleep(10_000);
                for (int i = 0; i < 3; i++) {
                    start = System.nanoTime();
                    fixture.event(function("b" + i, "f", "export const onEvent = () => 1;"), "{}", 1000);
                    System.out.printf(
                            "project with a blank worker in stock: %.1f ms%n", (System.nanoTime() - start) / 1e6);
                    Thread.sleep(1500);
                }
                long[] blank = new long[5];
                for (int i = 0; i < blank.length; i++) {
                    start = System.nanoTime();
                    fixture.event(function("c" + i, "f", "export const onEvent = () => 1;"), "{}", 1000);
                    blank[i] = (System.nanoTime() - start) / 1000;
                }
                System.out.println("new workers in a row, us: " + Arrays.toString(blank));
                Thread.sleep(2000);
                long[] cold = new long[30];
                for (int i = 0; i < cold.length; i++) {
                    start = System.nanoTime();
                    fixture.event(function("a", "g" + i, "export const onEvent = () => " + i + ";"), "{}", 1000);
                    cold[i] = (System.nanoTime() - start) / 1000;
                }
                print("new function in a warm worker", cold);
                for (int round = 0; round < 4; round++) {
                    long[] warm = new long[20_000];
                    for (int i = 0; i < warm.length; i++) {
                        start = System.nanoTime();
                        get(fixture.runtime.invoke(
                                first,
                                new Invocation.Event(
                                        Duration.ofSeconds(1),
                                        new HandlerContext(new JsonObject().put("requestId", "x")),
                                        new JsonObject(
                                                "{\"type\":\"insert\",\"record\":{\"id\":1,\"title\":\"abc\"}}"))));
                        warm[i] = (System.nanoTime() - start) / 1000;
                    }
                    print("warm event", warm);
                }
                FunctionVersion http =
                        function("a", "h", "export default { fetch: () => Response.json({ hello: 'world' }) };");
                for (int round = 0; round < 3; round++) {
                    long[] warm = new long[10_000];
                    for (int i = 0; i < warm.length; i++) {
                        start = System.nanoTime();
                        get(fixture.runtime.invoke(
                                http,
                                new Invocation.Http(
                                        Duration.ofSeconds(1),
                                        new HandlerContext(new JsonObject().put("requestId", "x")),
                                        "GET",
                                        "http://localhost/x",
                                        List.of(Map.entry("accept", "*/*"), Map.entry("user-agent", "wrk")),
                                        Buffer.buffer())));
                        warm[i] = (System.nanoTime() - start) / 1000;
                    }
                    print("warm fetch", warm);
                }
                ProcessHandle.current()
                        .descendants()
                        .forEach(p -> System.out.println(
                                p.pid() + " " + p.info().command().orElse("") + rss(p.pid())));
            }
        }
    }

    private static String rss(long pid) {
        try {
            return java.nio.file.Files.readAllLines(java.nio.file.Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS"))
                    .findFirst()
                    .orElse("");
        } catch (java.io.IOException e) {
            return "";
        }
    }

    private static void print(String what, long[] micros) {
        Arrays.sort(micros);
        System.out.printf(
                "%s: p50 %d us, p90 %d us, p99 %d us%n",
                what, micros[micros.length / 2], micros[micros.length * 9 / 10], micros[micros.length * 99 / 100]);
    }
}
