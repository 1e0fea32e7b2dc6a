package dev.basalt.standalone.command;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The platform API of one project: the project {@code default} of the Basalt that runs on {@code BASALT_DATA}, or the one that
 * {@code BASALT_URL}, {@code BASALT_SECRET_KEY} and {@code BASALT_PROJECT} name.
 */
final class PlatformClient {
    private static final int FAILED = 1;
    private static final int MISUSED = 2;
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private final String origin;
    private final String project;
    private final String key;

    private PlatformClient(String url, String ref, String key) {
        this.origin = url;
        this.project = url + "/platform/v1/projects/" + ref;
        this.key = key;
    }

    /** A failure that is told in one line. */
    static final class Refused extends Exception {
        Refused(String message) {
            super(message);
        }
    }

    /** A command line: false when it was misspelt. */
    @FunctionalInterface
    interface Command {
        boolean run() throws IOException, InterruptedException, Refused;
    }

    /** Runs one command and ends the process: 0 when it worked, 1 when not, 2 when it was misspelt. */
    static void run(String usage, Command command) throws InterruptedException {
        try {
            if (command.run()) {
                System.exit(0);
            }
            System.err.println(usage);
            System.exit(MISUSED);
        } catch (ConnectException away) {
            System.err.println("basalt: nothing answers there; is Basalt running?");
        } catch (IOException | Refused failed) {
            System.err.println("basalt: " + failed.getMessage());
        }
        System.exit(FAILED);
    }

    /** With the project's secret key. */
    static PlatformClient connect() throws IOException, Refused {
        var url = System.getenv("BASALT_URL");
        var key = System.getenv("BASALT_SECRET_KEY");
        var ref = System.getenv().getOrDefault("BASALT_PROJECT", "default");
        if (url != null && key != null) {
            return new PlatformClient(url, ref, key);
        }
        var running = running("BASALT_SECRET_KEY");
        var projects = running.getJsonArray("projects");
        for (var i = 0; i < projects.size(); i++) {
            var candidate = projects.getJsonObject(i);
            if (candidate.getString("ref").equals(ref) && candidate.getString("secretKey") != null) {
                return new PlatformClient(running.getString("url"), ref, candidate.getString("secretKey"));
            }
        }
        throw new Refused("the secret key of project " + ref + " is not known here: set BASALT_SECRET_KEY");
    }

    /** With the operator's key: {@code BASALT_URL} and {@code BASALT_PLATFORM_KEY}, or that of the Basalt on the data. */
    static PlatformClient connectAsOperator() throws IOException, Refused {
        var url = System.getenv("BASALT_URL");
        var key = System.getenv("BASALT_PLATFORM_KEY");
        var ref = System.getenv().getOrDefault("BASALT_PROJECT", "default");
        if (url != null && key != null) {
            return new PlatformClient(url, ref, key);
        }
        var running = running("BASALT_PLATFORM_KEY");
        return new PlatformClient(running.getString("url"), ref, running.getString("platformKey"));
    }

    private static JsonObject running(String variable) throws IOException, Refused {
        var status = Path.of(System.getenv("BASALT_DATA"), "status.json");
        if (!Files.exists(status)) {
            throw new Refused("nothing is running on " + status.getParent()
                    + "; start it with ./basalt up, or set BASALT_URL and " + variable);
        }
        return new JsonObject(Files.readString(status));
    }

    /** A request below the project, for example {@code /functions}. */
    HttpRequest.Builder request(String path, Duration timeout) {
        return HttpRequest.newBuilder(URI.create(project + path))
                .timeout(timeout)
                .header("apikey", key);
    }

    /** A request to any of the project's APIs, for example {@code /functions/v1/hello}. */
    HttpRequest.Builder call(String path, Duration timeout) {
        return HttpRequest.newBuilder(URI.create(url(path))).timeout(timeout).header("apikey", key);
    }

    /** The address of a path. */
    String url(String path) {
        return origin + path;
    }

    /** Sends it; the answer as it is. */
    static HttpResponse<String> exchange(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Sends it; the answer's body, empty if there is none. */
    static JsonObject send(HttpRequest.Builder request) throws IOException, InterruptedException, Refused {
        var answer = exchange(request);
        return answered(answer.statusCode(), answer.body());
    }

    /** Sends it; the answer's body goes to a stream as it comes. */
    static void receive(HttpRequest.Builder request, OutputStream into)
            throws IOException, InterruptedException, Refused {
        var answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        try (var body = answer.body()) {
            if (answer.statusCode() >= 400) {
                answered(answer.statusCode(), new String(body.readAllBytes(), StandardCharsets.UTF_8));
            }
            body.transferTo(into);
        }
    }

    /** Sends it; the answer's lines as they come, for the caller to close. */
    static BufferedReader stream(HttpRequest.Builder request) throws IOException, InterruptedException, Refused {
        var answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        if (answer.statusCode() >= 400) {
            try (var body = answer.body()) {
                answered(answer.statusCode(), new String(body.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    private static JsonObject answered(int status, String text) throws Refused {
        var body = text.isEmpty() ? new JsonObject() : new JsonObject(text);
        if (status >= 400) {
            throw new Refused(body.getString("detail", "answered " + status));
        }
        return body;
    }
}
