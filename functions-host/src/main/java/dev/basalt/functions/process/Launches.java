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
import java.util.function.UnaryOperator;

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
     * @param jars those in the function's files, by {@link TaskDirectory#jars}
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
                        (seen, port, bridge) -> with(
                                command,
                                seen.apply(Launch.RUNTIME.resolve(RuntimeHome.NODE))
                                        .toString()));
            case FUNCTIONS_FRAMEWORK -> {
                if (!artifact.files().containsKey(NODE_FRAMEWORK)) {
                    throw new UnsupportedException(
                            "signature functions-framework needs @google-cloud/functions-framework in the function's node_modules");
                }
                yield server(
                        mounts,
                        Map.of(),
                        (seen, port) -> with(
                                command,
                                seen.apply(Launch.TASK.resolve(NODE_FRAMEWORK)).toString(),
                                "--target=" + manifest.handler().orElse("function"),
                                "--source=" + seen.apply(Launch.TASK),
                                "--port=" + port));
            }
            case AZURE -> server(mounts, Map.of(), (seen, port) -> with(command, entrypoint(manifest, seen)));
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
                        (seen, port, bridge) -> with(
                                command,
                                seen.apply(Launch.RUNTIME.resolve(RuntimeHome.PYTHON))
                                        .toString()));
            case AZURE ->
                server(mounts(python), environment, (seen, port) -> with(command, entrypoint(manifest, seen)));
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
                        Wire.API,
                        List.of(),
                        Map.of(),
                        (seen, port, bridge) -> jvm(manifest, jars, seen, "api", port, bridge, List.of(RIC, handler)));
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
                        (seen, port, bridge) -> jvm(
                                manifest,
                                jars,
                                seen,
                                "server",
                                port,
                                bridge,
                                List.of(INVOKER, "--target", handler, "--port", Integer.toString(port))));
            }
            case AZURE ->
                server(
                        List.of(),
                        Map.of(),
                        (seen, port) -> List.of(
                                interpreters.java().toString(),
                                "-Xmx" + heapMb(manifest) + "m",
                                "-jar",
                                entrypoint(manifest, seen)));
            case BASALT, OPENWHISK, KUBELESS -> throw unavailable(manifest);
        };
    }

    private Launch provided(FunctionManifest manifest) throws UnsupportedException {
        if (manifest.signature() == Signature.KUBELESS) {
            throw unavailable(manifest);
        }
        if (manifest.signature() != Signature.LAMBDA) {
            return server(List.of(), Map.of(), (seen, port) -> List.of(entrypoint(manifest, seen)));
        }
        return new Launch(
                Wire.API,
                node(),
                Map.of(),
                (seen, port, bridge) -> bridged(seen, "api", port, bridge, List.of(entrypoint(manifest, seen))));
    }

    /** A bootstrap may be a script for an interpreter of this machine. */
    private List<Cage.Mount> node() {
        List<Cage.Mount> mounts = new ArrayList<>();
        interpreters.node().ifPresent(node -> mounts.addAll(mounts(node)));
        return mounts;
    }

    private interface ServerProgram {
        List<String> arguments(UnaryOperator<Path> seen, int port);
    }

    private Launch server(List<Cage.Mount> mounts, Map<String, String> environment, ServerProgram program) {
        return new Launch(
                Wire.SERVER,
                mounts,
                environment,
                (seen, port, bridge) -> bridged(seen, "server", port, bridge, program.arguments(seen, port)));
    }

    private List<String> bridged(
            UnaryOperator<Path> seen, String direction, int port, String bridge, List<String> program) {
        if (bridge.isEmpty()) {
            return program;
        }
        List<String> command = new ArrayList<>(List.of(interpreters.java().toString()));
        command.addAll(BRIDGE_JVM);
        command.addAll(List.of(
                "-cp",
                seen.apply(Launch.RUNTIME.resolve(RuntimeHome.BRIDGE)).toString(),
                Bridge.class.getName(),
                direction,
                Integer.toString(port),
                bridge,
                "exec"));
        command.addAll(program);
        return command;
    }

    /** A JVM of the function's own classes, in which the bridge runs as well. */
    private List<String> jvm(
            FunctionManifest manifest,
            List<String> jars,
            UnaryOperator<Path> seen,
            String direction,
            int port,
            String bridge,
            List<String> main) {
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
        if (bridge.equals("-")) {
            command.add("-XX:AOTCacheOutput=" + Launch.TRAINING.resolve("classes.aot"));
        } else if (java.nio.file.Files.exists(seen.apply(Launch.ARCHIVE))) {
            command.add("-XX:AOTCache=" + seen.apply(Launch.ARCHIVE));
        }
        List<String> path = new ArrayList<>(List.of(
                seen.apply(Launch.RUNTIME.resolve(RuntimeHome.BRIDGE)).toString(),
                seen.apply(Launch.CLASSES).toString()));
        jars.forEach(jar -> path.add(seen.apply(Launch.TASK.resolve(jar)).toString()));
        command.addAll(List.of("-cp", String.join(":", path)));
        if (!bridge.isEmpty()) {
            command.addAll(List.of(Bridge.class.getName(), direction, Integer.toString(port), bridge, "java"));
        }
        command.addAll(main);
        return command;
    }

    /** What is left when the JVM's own share is taken off. */
    private static int heapMb(FunctionManifest manifest) {
        return Math.max(16, Math.max(manifest.memoryMb() / 2, manifest.memoryMb() - 96));
    }

    private static String entrypoint(FunctionManifest manifest, UnaryOperator<Path> seen) {
        return seen.apply(Launch.TASK.resolve(manifest.entrypoint())).toString();
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
