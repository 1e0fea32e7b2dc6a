package dev.basalt.standalone;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A Basalt run as a person runs it: by the script, on a data directory of its own. */
final class RunningBasalt implements AutoCloseable {
    private static final Path SCRIPT =
            Path.of(System.getProperty("user.dir")).resolveSibling("basalt").toAbsolutePath();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Path data;
    private final Map<String, String> environment;

    RunningBasalt(Path data, Map<String, String> environment) {
        this.data = data;
        this.environment = environment;
    }

    /** What a run of the script left: its exit code and everything it printed. */
    record Outcome(int code, String output) {}

    /** Starts a run of the script that goes on by itself; what it prints goes to the file. */
    Process start(Path output, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("BASALT_DATA", data.toString());
        builder.environment().put("BASALT_PORT", "0");
        builder.environment().putAll(environment);
        return builder.redirectOutput(output.toFile()).start();
    }

    Outcome run(String... arguments) {
        try {
            // A file, not a pipe: the detached process would hold a pipe open.
            var output = Files.createTempFile("basalt-it", ".out");
            var process = start(output, arguments);
            if (!process.waitFor(3, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError("the script did not end: " + Files.readString(output));
            }
            return new Outcome(process.exitValue(), Files.readString(output));
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    RunningBasalt up() {
        var outcome = run("up", "--detach");
        if (outcome.code() != 0) {
            throw new AssertionError("up failed: " + outcome.output());
        }
        return this;
    }

    JsonObject status() {
        return new JsonObject(run("status", "--json").output());
    }

    JsonObject defaultProject() {
        return status().getJsonArray("projects").getJsonObject(0);
    }

    ProcessHandle process() {
        return ProcessHandle.of(status().getLong("pid")).orElseThrow();
    }

    /** Processes whose command line names the data directory: PostgreSQL and workers, whoever their parent is. */
    List<ProcessHandle> processesOnData() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(data.toString()))
                .toList();
    }

    HttpResponse<String> get(String path) {
        return send(request(path).GET().build());
    }

    HttpResponse<String> sql(String query) {
        return send(sqlRequest(query));
    }

    CompletableFuture<HttpResponse<String>> sqlAsync(String query) {
        return HTTP.sendAsync(sqlRequest(query), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, JsonObject body) {
        return send(postRequest(path, body));
    }

    private HttpRequest sqlRequest(String query) {
        return postRequest("/sql/v1", new JsonObject().put("query", query));
    }

    private HttpRequest postRequest(String path, JsonObject body) {
        return request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                .build();
    }

    private HttpRequest.Builder request(String path) {
        var project = defaultProject();
        return HttpRequest.newBuilder(URI.create(project.getString("url") + path))
                .timeout(Duration.ofSeconds(30))
                .header("apikey", project.getString("secretKey"));
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        run("reset", "--yes");
    }
}
