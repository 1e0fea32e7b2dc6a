package dev.basalt.standalone.command;

import dev.basalt.standalone.command.PlatformClient.Refused;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** {@code ./basalt functions deploy DIR | list | delete NAME}, on the project of {@link PlatformClient}. */
public final class FunctionsCommand {
    private static final String USAGE = "usage: ./basalt functions deploy DIR | list | delete NAME";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private final PlatformClient platform;

    private FunctionsCommand(PlatformClient platform) {
        this.platform = platform;
    }

    /** Runs one command and ends the process. */
    public static void main(String[] arguments) throws InterruptedException {
        var words = List.of(arguments);
        PlatformClient.run(USAGE, () -> run(words));
    }

    private static boolean run(List<String> words) throws IOException, InterruptedException, Refused {
        if (words.size() == 2 && words.getFirst().equals("deploy")) {
            connect().deploy(Path.of(words.get(1)).toRealPath());
        } else if (words.equals(List.of("list"))) {
            connect().list();
        } else if (words.size() == 2 && words.getFirst().equals("delete")) {
            connect().delete(words.get(1));
        } else {
            return false;
        }
        return true;
    }

    private static FunctionsCommand connect() throws IOException, Refused {
        return new FunctionsCommand(PlatformClient.connect());
    }

    private void deploy(Path directory) throws IOException, InterruptedException, Refused {
        var name = directory.getFileName().toString();
        var answer = PlatformClient.send(request("/" + name)
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

    private HttpRequest.Builder request(String path) {
        return platform.request("/functions" + path, TIMEOUT);
    }
}
