package dev.basalt.deploy.apart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.deploy.SourceTree;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code deploy/apart}, as a program uses it. */
class ApartIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static @Nullable Process command;
    private static JsonObject description = new JsonObject();

    @TempDir
    static Path directory = Path.of("");

    @BeforeAll
    static void start() throws IOException {
        var started = launch(directory);
        command = started;
        description = whatItPrints(started);
    }

    private static Process launch(Path data) throws IOException {
        var builder = new ProcessBuilder(
                        SourceTree.root().resolve("deploy/apart").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("BASALT_DATA", data.toString());
        builder.environment().remove("BASALT_PORT");
        return builder.start();
    }

    private static JsonObject whatItPrints(Process process) throws IOException {
        var reader = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var json = new StringBuilder();
        var line = "";
        while (line != null && !line.equals("}")) {
            line = reader.readLine();
            json.append(line);
        }
        assertThat(line).as("a JSON object on standard output").isNotNull();
        return new JsonObject(json.toString());
    }

    @AfterAll
    static void sigtermEndsItInTimeWithoutAnOrphan() throws InterruptedException {
        if (command != null) {
            var children = command.toHandle().descendants().toList();
            command.destroy();
            assertThat(command.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(children).noneMatch(ProcessHandle::isAlive);
        }
    }

    private static HttpResponse<String> get(String path, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(description.getString("url") + path))
                .timeout(Duration.ofSeconds(20));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    @Test
    void theOperatorSeesTheProjectThroughTheFront() throws Exception {
        var answer =
                get("/platform/v1/projects/default", "Authorization", "Bearer " + description.getString("platformKey"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(new JsonObject(answer.body()).getString("ref")).isEqualTo("default");
    }

    @Test
    void aRequestIdIsMadeWhereNoneCame() throws Exception {
        var unnamed = get("/platform/v1/projects/default");
        assertThat(unnamed.headers().firstValue("x-request-id").orElseThrow()).matches("[0-9a-f]{24,32}");
    }

    @Test
    void everyServiceAnswersThroughTheFrontWithTheRequestIdThatCame() throws Exception {
        var key = description.getJsonArray("projects").getJsonObject(0).getString("secretKey");
        for (var path :
                List.of("/auth/v1/nothing", "/rest/v1/nothing", "/storage/v1/nothing", "/functions/v1/nothing")) {
            var answer = get(path, "apikey", key, "X-Request-Id", "apart-1");
            assertThat(answer.statusCode()).as(path + " " + answer.body()).isBetween(400, 499);
            assertThat(answer.headers().firstValue("x-request-id")).as(path).contains("apart-1");
        }
    }

    @Test
    void metricsAndHealthAreNotReachableThroughTheFront() throws Exception {
        assertThat(get("/q/metrics").statusCode()).isEqualTo(404);
        assertThat(get("/q/health/ready").statusCode()).isEqualTo(404);
    }

    @Test
    void aSecondOneRunsBesideItEndsWithItsInputAndLeavesNothing(@TempDir Path other) throws Exception {
        var second = launch(other);
        assertThat(whatItPrints(second).getString("url")).isNotEqualTo(description.getString("url"));
        var children = second.toHandle().descendants().toList();
        assertThat(children).hasSizeGreaterThanOrEqualTo(Apart.SERVICES.size() + 1);
        second.getOutputStream().close();
        assertThat(second.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isZero();
        assertThat(children).noneMatch(ProcessHandle::isAlive);
    }

    /** A killed parent can't clean up after itself: the kernel must tell the children. */
    @Test
    void itsProcessesEndAlsoWhenItIsKilled(@TempDir Path other) throws Exception {
        var killed = launch(other);
        whatItPrints(killed);
        var children = killed.toHandle().descendants().toList();
        killed.destroyForcibly();
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    }
}
