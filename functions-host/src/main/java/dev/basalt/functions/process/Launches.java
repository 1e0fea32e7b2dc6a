package dev.basalt.functions.process;

import dev.basalt.functions.process.Launch.Wire;
import dev.basalt.functions.process.inside.Bridge;
import dev.basalt.functions.runtime.Artifact;
import dev.basalt.functions.sandbox.Cage;
import dev.basalt.kit.function.FunctionManifest;
import dev.basalt.kit.function.Signature;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Knows how each runtime and signature is started on this machine. Immutable. */
final class Launches {
    /** The runtime's or signature's program is not there, in words for the author. */
    static final class UnsupportedException extends Exception {
        UnsupportedException(String message) {
            super(message, null, false, false);
        }
    }

    private static final String NODE_FRAMEWORK = "node_modules/@google-cloud/functions-framework/build/src/main.js";
    private static final String RIC = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";
    private static final String INVOKER = "com.google.cloud.functions.invoker.runner.Invoker";
    private static final List<String> BRIDGE_JVM = List.of(
            "-Xmx16m", "-Xss256k", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto");

    private final Interpreters interpreters;

    Launches(Interpreters interpreters) {
        this.interpreters = interpreters;
    }

    /**
     * How the function is started.
     *
     * @param jars those in the function's files, as paths
     */
    Launch launch(FunctionManifest manifest, Artifact artifact, List<String> jars) throws UnsupportedException {
        return switch (manifest.runtime()) {
            case "nodejs" -> node(manifest, artifact);
            case "python" -> python(manifest);
            case "java" -> java(manifest, jars);
            default -> provided(manifest);
        };
    }

    private Launch node(FunctionManifest manifest, Artifact artifact) throws UnsupportedException {
        Interpreters.Interpreter node = interpreters
                .node()
                .orElseThrow(() -> new UnsupportedException("runtime nodejs needs node on the host, which has none"));
        List<String> command = new ArrayList<>(List.of(node.executable().toString()));
        if (node.atLeast(20, 11) && !node.atLeast(22, 7)) {
            command.addAll(List.of("--experimental-detect-module", "--disable-warning=ExperimentalWarning"));
        }
        command.add("--max-old-space-size=" + Math.max(16, manifest.memoryMb() * 3 / 4));
        List<Cage.Mount> mounts = mounts(node);
        return switch (manifest.signature()) {
            case BASALT, LAMBDA, OPENWHISK, KUBELESS ->
                new Launch(
                        Wire.SOCKET,
                        mounts,
                        Map.of(),
                        way -> with(command, way.path(Launch.RUNTIME.resolve(RuntimeHome.NODE))));
            case FUNCTIONS_FRAMEWORK -> {
                if (!artifact.files().containsKey(NODE_FRAMEWORK)) {
                    throw new UnsupportedException(
                            "signature functions-framework needs @google-cloud/functions-framework in the function's node_modules");
                }
                yield server(
                        mounts,
                        Map.of(),
                        way -> with(
                                command,
                                way.path(Launch.TASK.resolve(NODE_FRAMEWORK)),
                                "--target=" + manifest.handler().orElse("function"),
                                "--source=" + way.path(Launch.TASK),
                                "--port=" + way.port()));
            }
            case AZURE -> server(mounts, Map.of(), way -> with(command, entrypoint(manifest, way)));
        };
    }

    private Launch python(FunctionManifest manifest) throws UnsupportedException {
        Interpreters.Interpreter python = interpreters
                .python()
                .orElseThrow(
                        () -> new UnsupportedException("runtime python needs python3 on the host, which has none"));
        Map<String, String> environment = Map.of("PYTHONDONTWRITEBYTECODE", "1", "PYTHONUNBUFFERED", "1");
        List<String> command = List.of(python.executable().toString());
        return switch (manifest.signature()) {
            case LAMBDA, OPENWHISK, KUBELESS ->
                new Launch(
                        Wire.SOCKET,
                        mounts(python),
                        environment,
                        way -> with(command, way.path(Launch.RUNTIME.resolve(RuntimeHome.PYTHON))));
            case AZURE -> server(mounts(python), environment, way -> with(command, entrypoint(manifest, way)));
            case BASALT, FUNCTIONS_FRAMEWORK -> throw unavailable(manifest);
        };
    }

    private Launch java(FunctionManifest manifest, List<String> jars) throws UnsupportedException {
        String handler = manifest.handler().orElse("");
        return switch (manifest.signature()) {
            case LAMBDA -> {
                if (jars.stream().noneMatch(jar -> jar.contains("runtime-interface-client"))) {
                    throw new UnsupportedException(
                            "runtime java needs com.amazonaws:aws-lambda-java-runtime-interface-client and what it needs in lib/");
                }
                needsHandler(manifest, "com.example.Handler::handleRequest");
                yield new Launch(
                        Wire.API, List.of(), Map.of(), way -> jvm(manifest, jars, way, "api", List.of(RIC, handler)));
            }
            case FUNCTIONS_FRAMEWORK -> {
                if (jars.stream().noneMatch(jar -> jar.contains("java-function-invoker"))) {
                    throw new UnsupportedException(
                            "signature functions-framework needs com.google.cloud.functions.invoker:java-function-invoker in lib/");
                }
                needsHandler(manifest, "com.example.Function");
                yield new Launch(
                        Wire.SERVER,
                        List.of(),
                        Map.of(),
                        way -> jvm(
                                manifest,
                                jars,
                                way,
                                "server",
                                List.of(INVOKER, "--target", handler, "--port", Integer.toString(way.port()))));
            }
            case AZURE ->
                server(List.of(), Map.of(), way -> {
                    List<String> command =
                            new ArrayList<>(List.of(interpreters.java().toString(), "-Xmx" + heapMb(manifest) + "m"));
                    command.addAll(proxied(manifest, way));
                    return with(command, "-jar", entrypoint(manifest, way));
                });
            case BASALT, OPENWHISK, KUBELESS -> throw unavailable(manifest);
        };
    }

    private Launch provided(FunctionManifest manifest) throws UnsupportedException {
        if (manifest.signature() == Signature.KUBELESS) {
            throw unavailable(manifest);
        }
        if (manifest.signature() != Signature.LAMBDA) {
            return server(List.of(), Map.of(), way -> List.of(entrypoint(manifest, way)));
        }
        return new Launch(Wire.API, node(), Map.of(), way -> bridged(way, "api", List.of(entrypoint(manifest, way))));
    }

    /** A bootstrap may be a script for an interpreter of this machine. */
    private List<Cage.Mount> node() {
        List<Cage.Mount> mounts = new ArrayList<>();
        interpreters.node().ifPresent(node -> mounts.addAll(mounts(node)));
        return mounts;
    }

    private Launch server(List<Cage.Mount> mounts, Map<String, String> environment, Launch.Program program) {
        return new Launch(Wire.SERVER, mounts, environment, way -> bridged(way, "server", program.arguments(way)));
    }

    private List<String> bridged(Launch.Way way, String direction, List<String> program) {
        if (way.bridge().isEmpty()) {
            return program;
        }
        List<String> command = new ArrayList<>();
        String port = Integer.toString(way.port());
        Optional<Path> perl = interpreters.perl();
        if (perl.isPresent()) {
            String bridge = way.path(Launch.RUNTIME.resolve(RuntimeHome.PERL_BRIDGE));
            command.addAll(List.of(perl.get().toString(), bridge, direction, port, way.bridge()));
        } else {
            String bridge = way.path(Launch.RUNTIME.resolve(RuntimeHome.BRIDGE));
            command.add(interpreters.java().toString());
            command.addAll(BRIDGE_JVM);
            command.addAll(List.of("-cp", bridge, Bridge.class.getName(), direction, port, way.bridge(), "exec"));
        }
        command.addAll(program);
        return command;
    }

    /** A JVM of the function's own classes, in which the bridge runs as well. */
    private List<String> jvm(
            FunctionManifest manifest, List<String> jars, Launch.Way way, String direction, List<String> main) {
        List<String> command = new ArrayList<>(List.of(
                interpreters.java().toString(),
                "-Xmx" + heapMb(manifest) + "m",
                "-Xss512k",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:ErrorFile=/dev/null",
                "-Xlog:disable",
                "-Xlog:all=error:stderr",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(proxied(manifest, way));
        if (way.bridge().equals("-")) {
            command.add("-XX:AOTCacheOutput=" + Launch.TRAINING.resolve("classes.aot"));
        } else if (way.archived()) {
            command.add("-XX:AOTCache=" + way.path(Launch.ARCHIVE));
        }
        List<String> path = new ArrayList<>(
                List.of(way.path(Launch.RUNTIME.resolve(RuntimeHome.BRIDGE)), way.path(Launch.CLASSES)));
        jars.forEach(jar -> path.add(way.path(Launch.TASK.resolve(jar))));
        command.addAll(List.of("-cp", String.join(":", path)));
        if (!way.bridge().isEmpty()) {
            command.addAll(
                    List.of(Bridge.class.getName(), direction, Integer.toString(way.port()), way.bridge(), "java"));
        }
        command.addAll(main);
        return command;
    }

    /** The JVM's own clients look for a proxy in its properties. */
    private static List<String> proxied(FunctionManifest manifest, Launch.Way way) {
        if (manifest.egress().isEmpty() || way.bridge().isEmpty()) {
            return List.of();
        }
        return Stream.of("http", "https")
                .flatMap(scheme -> Stream.of(
                        "-D" + scheme + ".proxyHost=127.0.0.1", "-D" + scheme + ".proxyPort=" + Bridge.WAY_OUT_PORT))
                .toList();
    }

    /** What is left when the JVM's own share is taken off. */
    private static int heapMb(FunctionManifest manifest) {
        return Math.max(16, Math.max(manifest.memoryMb() / 2, manifest.memoryMb() - 96));
    }

    private static String entrypoint(FunctionManifest manifest, Launch.Way way) {
        return way.path(Launch.TASK.resolve(manifest.entrypoint()));
    }

    private static List<Cage.Mount> mounts(Interpreters.Interpreter interpreter) {
        Optional<Path> prefix = interpreter.prefix();
        return prefix.map(path -> List.of(new Cage.Mount(path, path))).orElse(List.of());
    }

    private static void needsHandler(FunctionManifest manifest, String example) throws UnsupportedException {
        if (manifest.handler().isEmpty()) {
            throw new UnsupportedException("handler must name a class, like " + example);
        }
    }

    private static UnsupportedException unavailable(FunctionManifest manifest) {
        return new UnsupportedException(
                "signature " + manifest.signature().label() + " is not available with runtime " + manifest.runtime());
    }

    private static List<String> with(List<String> command, String... more) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(more));
        return all;
    }
}
