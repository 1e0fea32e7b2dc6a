package dev.basalt.standalone.command;

import dev.basalt.standalone.command.PlatformClient.Refused;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code ./basalt functions …}, on the project of {@link PlatformClient}. */
public final class FunctionsCommand {
    private static final String USAGE = """
            usage: ./basalt functions COMMAND

              new NAME [--runtime js|nodejs|python|http]   write a function to begin with into the directory NAME
              deploy DIR [--name NAME]                     build it and let it answer; the directory's name is its name
              dev DIR [--name NAME]                        deploy on every save and show what it logs
              invoke NAME [--data TEXT] [--method VERB]    call it with the secret key; --data - reads it from the input
              logs NAME [-f]                               what it did and logged; -f goes on with what it does next
              rollback NAME [VERSION]                      let an earlier version answer, by default the one before
              list
              delete NAME
              secrets set NAME [VALUE] | list | delete NAME
                                                           without VALUE it is read from the input""";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration CALL = Duration.ofMinutes(3);
    private final PlatformClient platform;

    private FunctionsCommand(PlatformClient platform) {
        this.platform = platform;
    }

    /** Runs one command and ends the process. */
    public static void main(String[] arguments) throws InterruptedException {
        var words = List.of(arguments);
        PlatformClient.run(USAGE, () -> run(Words.of(words)));
    }

    private static boolean run(Words words) throws IOException, InterruptedException, Refused {
        switch (words.command()) {
            case "new" -> {
                if (!words.are(1, 1, "runtime")) {
                    return false;
                }
                FunctionTemplates.write(
                        Path.of(words.plain(0)), words.option("runtime").orElse("js"));
            }
            case "deploy" -> {
                if (!words.are(1, 1, "name")) {
                    return false;
                }
                connect().deploy(source(words));
            }
            case "dev" -> {
                if (!words.are(1, 1, "name")) {
                    return false;
                }
                var functions = connect();
                new FunctionDev(functions.platform, source(words), functions::put).run();
            }
            case "invoke" -> {
                if (!words.are(1, 1, "data", "method")) {
                    return false;
                }
                connect().invoke(words.plain(0), words.option("data"), words.option("method"));
            }
            case "logs" -> {
                var follow = words.has("-f");
                if (!words.are(1, follow ? 2 : 1)) {
                    return false;
                }
                new FunctionLog(connect().platform, words.plain(0)).print(follow);
            }
            case "rollback" -> {
                if (!words.are(1, 2)) {
                    return false;
                }
                connect().rollback(words.plain(0), words.size() == 2 ? Optional.of(words.plain(1)) : Optional.empty());
            }
            case "list" -> {
                if (!words.are(0, 0)) {
                    return false;
                }
                connect().list();
            }
            case "delete" -> {
                if (!words.are(1, 1)) {
                    return false;
                }
                connect().delete(words.plain(0));
            }
            case "secrets" -> {
                return words.size() > 0 && connect().secrets(words);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static FunctionSource source(Words words) throws IOException, Refused {
        return FunctionSource.of(Path.of(words.plain(0)), words.option("name"));
    }

    private static FunctionsCommand connect() throws IOException, Refused {
        return new FunctionsCommand(PlatformClient.connect());
    }

    private void deploy(FunctionSource source) throws IOException, InterruptedException, Refused {
        var answer = put(source);
        System.out.println(source.name() + ": version " + answer.getInteger("version") + " answers");
        if (!answer.getBoolean("checked")) {
            System.err.println("basalt: no function host could check it; errors show when it is called");
        }
        var missing = answer.getJsonArray("missingSecrets");
        if (!missing.isEmpty()) {
            System.err.println("basalt: secrets that are not set: " + String.join(", ", texts(missing)));
        }
    }

    private JsonObject put(FunctionSource source) throws IOException, InterruptedException, Refused {
        return PlatformClient.send(request("/" + source.name())
                .header("Content-Type", "application/gzip")
                .PUT(BodyPublishers.ofByteArray(source.pack())));
    }

    private void invoke(String name, Optional<String> data, Optional<String> method)
            throws IOException, InterruptedException, Refused {
        BodyPublisher body = BodyPublishers.noBody();
        if (data.isPresent()) {
            body = data.get().equals("-")
                    ? BodyPublishers.ofByteArray(System.in.readAllBytes())
                    : BodyPublishers.ofString(data.get());
        }
        var call = platform.call("/functions/v1/" + name, CALL)
                .method(method.orElse(data.isPresent() ? "POST" : "GET"), body);
        if (data.isPresent()) {
            call.header("Content-Type", "application/json");
        }
        var answer = PlatformClient.exchange(call);
        System.out.println(answer.body());
        if (answer.statusCode() >= 400) {
            throw new Refused(name + " answered " + answer.statusCode());
        }
    }

    private void rollback(String name, Optional<String> version) throws IOException, InterruptedException, Refused {
        var body = new JsonObject();
        if (version.isPresent()) {
            body.put("version", number(version.get()));
        }
        var answer = PlatformClient.send(request("/" + name + "/rollback")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.encode())));
        System.out.println(name + ": version " + answer.getInteger("version") + " answers");
    }

    private static int number(String text) throws Refused {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new Refused(text + " is no version");
        }
    }

    private void list() throws IOException, InterruptedException, Refused {
        var listed = PlatformClient.send(request("").GET()).getJsonArray("functions");
        for (var i = 0; i < listed.size(); i++) {
            var function = listed.getJsonObject(i);
            System.out.println(function.getString("name") + "\tversion " + function.getValue("version"));
        }
    }

    private void delete(String name) throws IOException, InterruptedException, Refused {
        PlatformClient.send(request("/" + name).DELETE());
        System.out.println(name + ": deleted");
    }

    private boolean secrets(Words words) throws IOException, InterruptedException, Refused {
        switch (words.plain(0)) {
            case "set" -> {
                if (!words.are(2, 3)) {
                    return false;
                }
                // From the input it shows in no list of processes and in no shell's history.
                var value = words.size() == 3
                        ? words.plain(2)
                        : new String(System.in.readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
                PlatformClient.send(platform.request("/secrets/" + words.plain(1), TIMEOUT)
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString(
                                new JsonObject().put("value", value).encode())));
                System.out.println(words.plain(1) + ": set");
            }
            case "list" -> {
                if (!words.are(1, 1)) {
                    return false;
                }
                var listed = PlatformClient.send(
                                platform.request("/secrets", TIMEOUT).GET())
                        .getJsonArray("secrets");
                for (var i = 0; i < listed.size(); i++) {
                    System.out.println(listed.getJsonObject(i).getString("name"));
                }
            }
            case "delete" -> {
                if (!words.are(2, 2)) {
                    return false;
                }
                PlatformClient.send(
                        platform.request("/secrets/" + words.plain(1), TIMEOUT).DELETE());
                System.out.println(words.plain(1) + ": deleted");
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static List<String> texts(JsonArray array) {
        return array.stream().map(Object::toString).toList();
    }

    private HttpRequest.Builder request(String path) {
        return platform.request("/functions" + path, TIMEOUT);
    }
}
