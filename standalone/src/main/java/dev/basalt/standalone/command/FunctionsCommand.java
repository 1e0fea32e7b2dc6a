package dev.basalt.standalone.command;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * {@code ./basalt functions deploy DIR | list | delete NAME}, on the project {@code default} of the Basalt that runs on
 * {@code BASALT_DATA}, or the one that {@code BASALT_URL}, {@code BASALT_SECRET_KEY} and {@code BASALT_PROJECT} name.
 */
public final class FunctionsCommand {
    private static final String USAGE = "usage: ./basalt functions deploy DIR | list | delete NAME";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int FAILED = 1;
    private static final int MISUSED = 2;
    private final String functions;
    private final String secretKey;

    private FunctionsCommand(String url, String project, String secretKey) {
        this.functions = url + "/platform/v1/projects/" + project + "/functions";
        this.secretKey = secretKey;
    }

    /** A failure that is told in one line. */
    private static final class Refused extends Exception {
        Refused(String message) {
            super(message);
        }
    }

    /** Runs one command and ends the process: 0 when it worked, 1 when not, 2 when it was misspelt. */
    public static void main(String[] arguments) throws InterruptedException {
        var words = List.of(arguments);
        try {
            System.exit(run(words));
        } catch (ConnectException away) {
            System.err.println("basalt: nothing answers there; is Basalt running?");
        } catch (IOException | Refused failed) {
            System.err.println("basalt: " + failed.getMessage());
        }
        System.exit(FAILED);
    }

    private static int run(List<String> words) throws IOException, InterruptedException, Refused {
        if (words.size() == 2 && words.getFirst().equals("deploy")) {
            connect().deploy(Path.of(words.get(1)).toRealPath());
        } else if (words.equals(List.of("list"))) {
            connect().list();
        } else if (words.size() == 2 && words.getFirst().equals("delete")) {
            connect().delete(words.get(1));
        } else {
            System.err.println(USAGE);
            return MISUSED;
        }
        return 0;
    }

    private static FunctionsCommand connect() throws IOException, Refused {
        var url = System.getenv("BASALT_URL");
        var key = System.getenv("BASALT_SECRET_KEY");
        var project = System.getenv().getOrDefault("BASALT_PROJECT", "default");
        if (url != null && key != null) {
            return new FunctionsCommand(url, project, key);
        }
        var status = Path.of(System.getenv("BASALT_DATA"), "status.json");
        if (!Files.exists(status)) {
            throw new Refused("nothing is running on " + status.getParent()
                    + "; start it with ./basalt up, or set BASALT_URL and BASALT_SECRET_KEY");
        }
        var running = new JsonObject(Files.readString(status));
        var projects = running.getJsonArray("projects");
        for (var i = 0; i < projects.size(); i++) {
            var candidate = projects.getJsonObject(i);
            if (candidate.getString("ref").equals(project) && candidate.getString("secretKey") != null) {
                return new FunctionsCommand(running.getString("url"), project, candidate.getString("secretKey"));
            }
        }
        throw new Refused("the secret key of project " + project + " is not known here: set BASALT_SECRET_KEY");
    }

    private void deploy(Path directory) throws IOException, InterruptedException, Refused {
        var name = directory.getFileName().toString();
        var answer = send(request("/" + name)
                .header("Content-Type", "application/gzip")
                .PUT(BodyPublishers.ofByteArray(pack(directory))));
        System.out.println(name + ": version " + answer.getValue("version") + " answers");
    }

    private static byte[] pack(Path directory) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes));
                var files = Files.walk(directory)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
                var entry = new TarArchiveEntry(file, directory.relativize(file).toString());
                tar.putArchiveEntry(entry);
                Files.copy(file, tar);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private void list() throws IOException, InterruptedException, Refused {
        var listed = send(request("").GET()).getJsonArray("functions");
        for (var i = 0; i < listed.size(); i++) {
            var function = listed.getJsonObject(i);
            System.out.println(function.getString("name") + "\tversion " + function.getValue("version"));
        }
    }

    private void delete(String name) throws IOException, InterruptedException, Refused {
        send(request("/" + name).DELETE());
        System.out.println(name + ": deleted");
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(functions + path))
                .timeout(TIMEOUT)
                .header("apikey", secretKey);
    }

    private static JsonObject send(HttpRequest.Builder request) throws IOException, InterruptedException, Refused {
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            var body = answer.body().isEmpty() ? new JsonObject() : new JsonObject(answer.body());
            if (answer.statusCode() >= 400) {
                throw new Refused(body.getString("detail", "answered " + answer.statusCode()));
            }
            return body;
        }
    }
}
