package dev.basalt.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./basalt functions}, as the author of a function uses it. */
class FunctionsCommandIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void aFunctionIsWrittenDeployedCalledRolledBackAndDeleted() throws IOException, InterruptedException {
        try (var basalt = new RunningBasalt(directory.resolve("data"), Map.of()).up()) {
            var hello = directory.resolve("hello");
            assertThat(basalt.run("functions", "new", hello.toString()).code()).isZero();
            assertThat(basalt.run("functions", "new", hello.toString()).code()).isEqualTo(1);
            assertThat(hello.resolve("basalt.d.ts")).content().contains("namespace Basalt");
            assertThat(basalt.run("functions", "deploy", hello.toString()).output())
                    .contains("hello: version 1 answers");
            assertThat(call(basalt, "{\"name\": \"Ann\"}")).contains("{\"hello\":\"Ann\",\"as\":\"service_role\"}");

            var source = hello.resolve("index.ts");
            var first = Files.readString(source);
            Files.writeString(source, first.replace("hello: name", "hallo: name"));
            assertThat(basalt.run("functions", "deploy", hello.toString()).output())
                    .contains("version 2");
            assertThat(call(basalt, "{}")).contains("hallo");
            assertThat(basalt.run("functions", "rollback", "hello").output()).contains("version 1 answers");
            assertThat(call(basalt, "{}")).contains("{\"hello\":\"world\"");

            Files.writeString(source, first + "const broken: = 1;\n");
            var refused = basalt.run("functions", "deploy", hello.toString());
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.output()).contains("index.ts:" + (first.lines().count() + 1) + ": ");
            assertThat(call(basalt, "{}")).contains("hello");

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    basalt.run("functions", "logs", "hello").output())
                            .contains("info greeting Ann", "version 2"));
            secrets(basalt);
            assertThat(basalt.run("functions", "list").output()).contains("hello\tversion 1");
            assertThat(basalt.run("functions", "delete", "hello").code()).isZero();
            assertThat(basalt.run("functions", "invoke", "hello").code()).isEqualTo(1);
            assertThat(basalt.run("functions", "list").output()).doesNotContain("hello");
            for (var misspelt : new String[] {"", "fly", "deploy", "logs", "secrets"}) {
                assertThat(basalt.run("functions", misspelt).code())
                        .as(misspelt)
                        .isEqualTo(2);
            }
        }
    }

    private static String call(RunningBasalt basalt, String body) {
        var answer = basalt.run("functions", "invoke", "hello", "--data", body);
        assertThat(answer.code()).as(answer.output()).isZero();
        return answer.output();
    }

    private static void secrets(RunningBasalt basalt) {
        assertThat(basalt.run("functions", "secrets", "set", "TOKEN", "t0k3n").code())
                .isZero();
        var listed = basalt.run("functions", "secrets", "list").output();
        assertThat(listed).contains("TOKEN").doesNotContain("t0k3n");
        assertThat(basalt.run("functions", "secrets", "set", "BAD-NAME", "x").code())
                .isEqualTo(1);
        assertThat(basalt.run("functions", "secrets", "delete", "TOKEN").code()).isZero();
        assertThat(basalt.run("functions", "secrets", "list").output()).doesNotContain("TOKEN");
    }

    @Test
    void devDeploysOnEverySaveAndShowsLogs() throws IOException, InterruptedException {
        try (var basalt = new RunningBasalt(directory.resolve("data"), Map.of()).up()) {
            var hello = directory.resolve("hello");
            basalt.run("functions", "new", hello.toString());
            var output = directory.resolve("dev.log");
            var dev = basalt.start(output, "functions", "dev", hello.toString());
            try {
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(output).content().contains("version 1 answers"));
                var source = hello.resolve("index.ts");
                var text = Files.readString(source);
                Files.writeString(source, text + "let");
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(output).content().contains("index.ts:"));
                Files.writeString(source, text.replace("greeting", "saluting"));
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(output).content().contains("version 2 answers"));
                call(basalt, "{\"name\": \"Bob\"}");
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(output).content().contains("info saluting Bob"));
            } finally {
                dev.destroy();
                dev.waitFor();
            }
        }
    }
}
