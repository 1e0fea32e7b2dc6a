package dev.basalt.embedded.postgres;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A child JVM that runs {@link LauncherMain}. */
record LaunchedChild(Process process, int port, long postmaster) {

    static LaunchedChild start(Path data, Path binaries) throws IOException {
        return start(List.of(), System.getProperty("java.class.path"), data, binaries);
    }

    static LaunchedChild start(List<String> prefix, String classPath, Path data, Path binaries) throws IOException {
        var command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                LauncherMain.class.getName(),
                data.toString(),
                binaries.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        var said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("STARTED ")) {
                List<String> words = List.of(line.split(" ", -1));
                return new LaunchedChild(process, Integer.parseInt(words.get(1)), Long.parseLong(words.get(2)));
            }
            said.append(line).append('\n');
        }
        throw new IOException("the child did not start: " + said);
    }

    /** Copies a class path to where another user can read it. */
    static String readableClassPath(Path directory) throws IOException {
        var copied = new ArrayList<String>();
        for (String entry : System.getProperty("java.class.path").split(":", -1)) {
            Path from = Path.of(entry);
            if (!Files.exists(from)) {
                continue;
            }
            Path to = directory.resolve("cp" + copied.size() + "-" + from.getFileName());
            try (var files = Files.walk(from)) {
                for (Path file : files.toList()) {
                    Files.copy(file, to.resolve(from.relativize(file).toString()));
                }
            }
            copied.add(to.toString());
        }
        return String.join(":", copied);
    }
}
