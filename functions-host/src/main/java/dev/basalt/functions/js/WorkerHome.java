package dev.basalt.functions.js;

import com.caoccao.javet.interop.V8Host;
import dev.basalt.functions.worker.WorkerMain;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The files a worker process runs from, apart from the host's own class path: its jar, Javet, the native library, and the
 * JVM's ahead-of-time cache once there is one. Laid out once a version under a name made from their content. Blocking.
 */
final class WorkerHome {
    private static final String NATIVE = "libjavet-v8-linux-x86_64.v.5.0.6.so";
    private static final String AOT = "worker.aot";
    /** Relative to the working directory, which is the home: so that the cache holds wherever the home is mounted. */
    private static final String CLASS_PATH = "worker.jar:javet.jar";

    private static final Duration TRAINING = Duration.ofSeconds(60);

    private final Path directory;
    private final int heapMb;

    private WorkerHome(Path directory, int heapMb) {
        this.directory = directory;
        this.heapMb = heapMb;
    }

    /** Answers the home below the parent, made now if it is not there. */
    static WorkerHome layOut(Path parent, int heapMb) throws IOException {
        Path worker = location(WorkerMain.class);
        Path javet = location(V8Host.class);
        MessageDigest digest = sha256();
        digest.update(System.getProperty("java.vm.version").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        for (Path part : List.of(worker, javet)) {
            try (Stream<Path> files = Files.walk(part)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    digest.update(Files.readAllBytes(file));
                }
            }
        }
        Path home =
                parent.resolve("js-" + HexFormat.of().formatHex(digest.digest()).substring(0, 16));
        if (!Files.isDirectory(home)) {
            Files.createDirectories(parent);
            Path building = Files.createTempDirectory(parent, ".building-");
            copy(worker, building.resolve("worker.jar"));
            copy(javet, building.resolve("javet.jar"));
            Path library = Files.createDirectory(building.resolve("so")).resolve(NATIVE);
            try (InputStream in = V8Host.class.getResourceAsStream("/" + NATIVE)) {
                if (in == null) {
                    throw new IOException("Javet's native library " + NATIVE + " is not on the class path");
                }
                Files.copy(in, library);
            }
            try {
                Files.move(building, home, StandardCopyOption.ATOMIC_MOVE);
            } catch (DirectoryNotEmptyException | FileAlreadyExistsException | AtomicMoveNotSupportedException e) {
                // Another host made the same one meanwhile.
                if (!Files.isDirectory(home)) {
                    throw e;
                }
            }
        }
        return new WorkerHome(home, heapMb);
    }

    Path directory() {
        return directory;
    }

    /** What follows {@code java} to start a worker, with paths as the worker sees them. */
    List<String> jvmArguments(Path home, Path sockets) {
        List<String> arguments = flags(home);
        if (Files.exists(directory.resolve(AOT))) {
            arguments.add("-XX:AOTCache=" + home.resolve(AOT));
        }
        arguments.addAll(List.of("-cp", CLASS_PATH, WorkerMain.class.getName()));
        arguments.addAll(List.of(sockets.toString(), Integer.toString(heapMb)));
        return arguments;
    }

    boolean trained() {
        return Files.exists(directory.resolve(AOT));
    }

    /** Makes the ahead-of-time cache by running one of everything; no user code is in it. Takes seconds. */
    void train() throws IOException, InterruptedException {
        Path made = directory.resolve(".training-" + ProcessHandle.current().pid() + ".aot");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home")).resolve("bin/java").toString()));
        command.addAll(flags(directory));
        command.add("-XX:AOTCacheOutput=" + made);
        command.addAll(List.of("-cp", CLASS_PATH, WorkerMain.class.getName(), "--train", Integer.toString(heapMb)));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .directory(directory.toFile());
        builder.environment().clear();
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(TRAINING.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
        }
        if (Files.exists(made)) {
            Files.move(made, directory.resolve(AOT), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static List<String> flags(Path home) {
        return new ArrayList<>(List.of(
                "-Xmx96m",
                "-Xss512k",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:ErrorFile=/dev/null",
                "-Xlog:disable",
                "-Xlog:all=error:stderr",
                "--enable-native-access=ALL-UNNAMED",
                "-Djavet.lib.loading.type=custom",
                "-Djavet.lib.loading.path=" + home.resolve("so")));
    }

    /** The jar or class directory that a class comes from, also where the class loader hides its code source. */
    private static Path location(Class<?> type) throws IOException {
        try {
            var source = type.getProtectionDomain().getCodeSource();
            if (source != null
                    && source.getLocation() != null
                    && "file".equals(source.getLocation().getProtocol())) {
                return Path.of(source.getLocation().toURI());
            }
            String file = "/" + type.getName().replace('.', '/') + ".class";
            URL url = type.getResource(file);
            String text = url == null ? "" : url.toString();
            if (text.startsWith("jar:file:")) {
                return Path.of(URI.create(text.substring(4, text.indexOf("!/"))));
            }
            if (text.startsWith("file:")) {
                return Path.of(URI.create(text.substring(0, text.length() - file.length())));
            }
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
        throw new IOException("can't tell where " + type.getName() + " was loaded from");
    }

    /** Copies a jar; packs a class directory into one, because the ahead-of-time cache takes jars only. */
    private static void copy(Path from, Path to) throws IOException {
        if (!Files.isDirectory(from)) {
            Files.copy(from, to);
            return;
        }
        try (OutputStream out = Files.newOutputStream(to);
                JarOutputStream jar = new JarOutputStream(out);
                Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                jar.putNextEntry(new JarEntry(from.relativize(file).toString()));
                Files.copy(file, jar);
                jar.closeEntry();
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
