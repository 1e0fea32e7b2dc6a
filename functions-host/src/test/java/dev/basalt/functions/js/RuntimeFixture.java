package dev.basalt.functions.js;

import dev.basalt.functions.egress.EgressConfig;
import dev.basalt.functions.runtime.Artifact;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.HandlerContext;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.functions.share.SharesFixture;
import dev.basalt.functions.worker.WorkerMain;
import dev.basalt.kit.function.FunctionManifest;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real runtime on this machine, and short ways to call it. */
final class RuntimeFixture implements AutoCloseable {
    /** Shared by all tests of the module: laying out the worker's files takes a second. */
    private static final Path HOME = Path.of("target", "js-home").toAbsolutePath();

    private static final Vertx VERTX = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));

    final JsRuntime runtime;

    RuntimeFixture(Map<String, String> settings) {
        this(settings, false);
    }

    RuntimeFixture(Map<String, String> settings, boolean untrusted) {
        runtime = new JsRuntime(
                VERTX, config(settings), egress(settings), SharesFixture.of(VERTX, settings), untrusted, HOME);
    }

    Vertx vertx() {
        return VERTX;
    }

    static JsConfig config(Map<String, String> settings) {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder().withMapping(JsConfig.class);
        settings.forEach((key, value) -> {
            if (!key.startsWith("egress.") && !key.startsWith("share.")) {
                builder.withDefaultValue("basalt.functions.js." + key, value);
            }
        });
        return builder.build().getConfigMapping(JsConfig.class);
    }

    /** Settings whose names start with {@code egress.}. */
    private static EgressConfig egress(Map<String, String> settings) {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder().withMapping(EgressConfig.class);
        settings.forEach((key, value) -> {
            if (key.startsWith("egress.")) {
                builder.withDefaultValue("basalt.functions." + key, value);
            }
        });
        return builder.build().getConfigMapping(EgressConfig.class);
    }

    static FunctionVersion function(String project, String name, String source) {
        return function(project, name, Map.of("main.js", source));
    }

    static FunctionVersion function(String project, String name, Map<String, String> sources) {
        return function(project, name, new JsonObject(), sources);
    }

    /** A function whose manifest says more. */
    static FunctionVersion function(String project, String name, JsonObject manifest, Map<String, String> sources) {
        Map<String, Buffer> files = new HashMap<>();
        sources.forEach((path, text) -> files.put(path, Buffer.buffer(text)));
        return new FunctionVersion(
                project,
                name,
                Integer.toHexString(sources.hashCode() + manifest.hashCode()),
                FunctionManifest.parse(
                        manifest.copy().put("entrypoint", "main.js").put("memoryMb", 64)),
                new JsonObject().put("MODE", "test"),
                () -> Future.succeededFuture(new Artifact("main.js", files)));
    }

    /** A function that may call 127.0.0.1 on this port. */
    static FunctionVersion caller(String project, String name, int port, String source) {
        return function(
                project,
                name,
                new JsonObject()
                        .put("egress", new JsonArray().add("localhost:" + port).add("127.0.0.1:" + port)),
                Map.of("main.js", source));
    }

    Outcome event(FunctionVersion function, String event, int timeoutMillis) {
        return get(runtime.invoke(
                function,
                new Invocation.Event(
                        Duration.ofMillis(timeoutMillis),
                        new HandlerContext(new JsonObject()),
                        new JsonObject(event))));
    }

    Outcome http(FunctionVersion function, String method, String body, int timeoutMillis) {
        return get(runtime.invoke(
                function,
                new Invocation.Http(
                        Duration.ofMillis(timeoutMillis),
                        new HandlerContext(new JsonObject().put("requestId", "r1")),
                        method,
                        "http://p.example/functions/v1/f/a?b=c",
                        List.of(Map.entry("content-type", "application/json")),
                        Buffer.buffer(body))));
    }

    static String value(Outcome outcome) {
        if (outcome.result() instanceof Outcome.Result.Value(String json)) {
            return json;
        }
        throw new AssertionError(outcome.toString());
    }

    static Failure failure(Outcome outcome) {
        if (outcome.result() instanceof Outcome.Result.Failed(Failure failure)) {
            return failure;
        }
        throw new AssertionError(outcome.toString());
    }

    static <T> T get(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Kills all workers of this process, as the kernel would. */
    static void killWorkers() {
        ProcessHandle.current()
                .descendants()
                .filter(process -> said("/proc/" + process.pid() + "/cmdline").contains(WorkerMain.class.getName()))
                .forEach(ProcessHandle::destroyForcibly);
    }

    private static String said(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException ended) {
            return "";
        }
    }

    @Override
    public void close() {
        runtime.close();
    }
}
