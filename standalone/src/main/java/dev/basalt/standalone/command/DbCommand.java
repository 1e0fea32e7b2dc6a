package dev.basalt.standalone.command;

import dev.basalt.standalone.command.PlatformClient.Refused;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** {@code ./basalt db push DIR | status [DIR] | dump FILE | restore FILE}, on the project of {@link PlatformClient}. */
public final class DbCommand {
    private static final String USAGE =
            "usage: ./basalt db push DIR [--include-all] | status [DIR] | dump FILE | restore FILE";
    private static final String MIGRATIONS = "/migrations";
    /** Statements of a push may be long, and so may a dump. */
    private static final Duration LONG = Duration.ofHours(24);

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Pattern NAME = Pattern.compile("\\d+_.+\\.sql");

    private DbCommand() {}

    /** Runs one command and ends the process. */
    public static void main(String[] arguments) throws InterruptedException {
        var words = List.of(arguments);
        PlatformClient.run(USAGE, () -> run(words));
    }

    private static boolean run(List<String> words) throws IOException, InterruptedException, Refused {
        var command = words.isEmpty() ? "" : words.getFirst();
        if (command.equals("push") && words.size() == 2) {
            push(Path.of(words.get(1)), false);
        } else if (command.equals("push") && words.size() == 3 && words.get(2).equals("--include-all")) {
            push(Path.of(words.get(1)), true);
        } else if (command.equals("status") && words.size() <= 2) {
            status(words.size() == 2 ? files(Path.of(words.get(1))) : Map.of());
        } else if (command.equals("dump") && words.size() == 2) {
            dump(Path.of(words.get(1)));
        } else if (command.equals("restore") && words.size() == 2) {
            restore(Path.of(words.get(1)));
        } else {
            return false;
        }
        return true;
    }

    /** Under the name of the file only once it is whole. */
    private static void dump(Path file) throws IOException, InterruptedException, Refused {
        var part = file.resolveSibling(file.getFileName() + ".part");
        Files.deleteIfExists(part);
        // A dump holds what only the operator may read.
        Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (var out = Files.newOutputStream(part)) {
            PlatformClient.receive(
                    PlatformClient.connectAsOperator().request("/dump", LONG).GET(), out);
        } catch (IOException | Refused failed) {
            Files.deleteIfExists(part);
            throw failed;
        }
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        System.out.println(file + ": " + Files.size(file) + " bytes");
    }

    private static void restore(Path file) throws IOException, InterruptedException, Refused {
        var done = PlatformClient.send(PlatformClient.connectAsOperator()
                .request("/restore", LONG)
                .header("Content-Type", "application/sql")
                .POST(BodyPublishers.ofFile(file)));
        System.out.println(done.getInteger("migrations") + " migrations, " + done.getInteger("tables") + " tables, "
                + done.getLong("rows") + " rows");
        done.getJsonArray("differences").forEach(difference -> System.err.println("not as it was: " + difference));
    }

    private static void push(Path directory, boolean includeAll) throws IOException, InterruptedException, Refused {
        var migrations = new JsonArray();
        files(directory)
                .forEach((name, sql) ->
                        migrations.add(new JsonObject().put("name", name).put("sql", sql)));
        var body = new JsonObject().put("migrations", migrations).put("includeAll", includeAll);
        var done = PlatformClient.send(PlatformClient.connect()
                .request(MIGRATIONS, LONG)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.encode())));
        done.getJsonArray("applied").forEach(name -> System.out.println(name + ": applied"));
        System.out.println(
                done.getJsonArray("applied").size() + " applied, " + done.getInteger("unchanged") + " unchanged");
    }

    /** What is applied, and which of the files in a directory are not. */
    private static void status(Map<String, String> files) throws IOException, InterruptedException, Refused {
        var answer = PlatformClient.send(
                PlatformClient.connect().request(MIGRATIONS, TIMEOUT).GET());
        var applied = answer.getJsonArray("migrations");
        var waiting = new ArrayList<>(files.keySet());
        for (var i = 0; i < applied.size(); i++) {
            var migration = applied.getJsonObject(i);
            var name = migration.getString("name");
            System.out.println(name + "\tapplied " + migration.getString("appliedAt"));
            waiting.remove(name);
        }
        waiting.forEach(name -> System.out.println(name + "\tnot applied"));
    }

    /** The migrations in a directory by name, in the order of their names; other files are skipped. */
    private static Map<String, String> files(Path directory) throws IOException, Refused {
        if (!Files.isDirectory(directory)) {
            throw new Refused(directory + " is no directory");
        }
        var files = new LinkedHashMap<String, String>();
        try (var entries = Files.list(directory)) {
            for (var path : entries.sorted().toList()) {
                var name = path.getFileName().toString();
                if (NAME.matcher(name).matches()) {
                    files.put(name, Files.readString(path, StandardCharsets.UTF_8));
                } else if (name.endsWith(".sql")) {
                    System.err.println("basalt: " + name + " is skipped: its name is not like 20240101000000_name.sql");
                }
            }
        }
        return files;
    }
}
