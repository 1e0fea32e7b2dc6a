package dev.basalt.functions.process;

import dev.basalt.functions.egress.EgressConfig;
import dev.basalt.functions.runtime.Artifact;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.HandlerContext;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Links;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.functions.share.SharesFixture;
import dev.basalt.kit.function.FunctionManifest;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.spi.resolver.ResolverProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real process lane on this machine, and short ways to call it. */
final class ProcessFixture implements AutoCloseable {
    /** What the names of settings for the way out begin with. */
    private static final String EGRESS = "egress.";

    static final Path HOME = Path.of("target", "proc-home").toAbsolutePath();
    static final Vertx VERTX = vertx();

    final ProcessRuntime runtime;

    ProcessFixture(Map<String, String> settings) {
        this(settings, false);
    }

    ProcessFixture(Map<String, String> settings, boolean untrusted) {
        runtime = new ProcessRuntime(
                VERTX, config(settings), SharesFixture.of(VERTX, settings), egress(settings), untrusted, HOME);
    }

    /** One that knows names of its own, whatever a Quarkus application that ran before said by the property of resolvers. */
    private static Vertx vertx() {
        String said = System.clearProperty(ResolverProvider.DISABLE_DNS_RESOLVER_PROP_NAME);
        try {
            return Vertx.vertx(new VertxOptions()
                    .setPreferNativeTransport(true)
                    .setAddressResolverOptions(new AddressResolverOptions().setHostsValue(Buffer.buffer("""
                            127.0.0.1 localhost server.test
                            127.0.0.2 inner.test
                            169.254.169.254 metadata.test
                            """))));
        } finally {
            if (said != null) {
                System.setProperty(ResolverProvider.DISABLE_DNS_RESOLVER_PROP_NAME, said);
            }
        }
    }

    static ProcessConfig config(Map<String, String> settings) {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder().withMapping(ProcessConfig.class);
        settings.forEach((key, value) -> {
            if (!key.startsWith("share.") && !key.startsWith(EGRESS)) {
                builder.withDefaultValue("basalt.functions.process." + key, value);
            }
        });
        return builder.build().getConfigMapping(ProcessConfig.class);
    }

    private static EgressConfig egress(Map<String, String> settings) {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder().withMapping(EgressConfig.class);
        settings.forEach((key, value) -> {
            if (key.startsWith(EGRESS)) {
                builder.withDefaultValue("basalt.functions." + key, value);
            }
        });
        return builder.build().getConfigMapping(EgressConfig.class);
    }

    static FunctionVersion function(String project, String name, String manifest, Map<String, String> sources) {
        Map<String, Buffer> files = new HashMap<>();
        sources.forEach((path, text) -> files.put(path, Buffer.buffer(text)));
        return binary(project, name, manifest, files);
    }

    static FunctionVersion binary(String project, String name, String manifest, Map<String, Buffer> files) {
        FunctionManifest parsed = FunctionManifest.parse(new JsonObject(manifest));
        return new FunctionVersion(
                project,
                name,
                Integer.toHexString(files.hashCode() * 31 + manifest.hashCode()),
                parsed,
                new JsonObject().put("MODE", "test").mergeIn(parsed.environment()),
                () -> Future.succeededFuture(new Artifact(parsed.entrypoint(), files)));
    }

    /** A CommonJS function for Node. */
    static FunctionVersion node(String project, String name, String source) {
        return function(project, name, "{\"runtime\":\"nodejs\"}", Map.of("index.js", source));
    }

    Outcome event(FunctionVersion function, String event, int timeoutMillis) {
        return get(invoke(function, event, timeoutMillis));
    }

    Future<Outcome> invoke(FunctionVersion function, String event, int timeoutMillis) {
        return runtime.invoke(
                function, new Invocation.Event(Duration.ofMillis(timeoutMillis), context(), new JsonObject(event)));
    }

    Outcome http(FunctionVersion function, String method, String path, String contentType, Buffer body) {
        return http(function, method, path, contentType, body, 10_000);
    }

    Outcome http(
            FunctionVersion function, String method, String path, String contentType, Buffer body, int timeoutMillis) {
        return get(request(function, method, path, contentType, body, timeoutMillis, Links.NONE));
    }

    Future<Outcome> request(
            FunctionVersion function,
            String method,
            String path,
            String contentType,
            Buffer body,
            int timeoutMillis,
            Links links) {
        return runtime.invoke(
                function,
                new Invocation.Http(
                        Duration.ofMillis(timeoutMillis),
                        context(),
                        method,
                        "http://p.example/functions/v1/" + function.name() + path,
                        List.of(
                                Map.entry("Content-Type", contentType),
                                Map.entry("Cookie", "a=1; b=2"),
                                Map.entry("X-Several", "one"),
                                Map.entry("X-Several", "two")),
                        body,
                        links));
    }

    private static HandlerContext context() {
        JsonObject caller =
                new JsonObject().put("role", "authenticated").put("id", "u1").put("name", "Zo\u00eb");
        return new HandlerContext(new JsonObject().put("requestId", "r1").put("project", "p"), caller.encode());
    }

    static String value(Outcome outcome) {
        if (outcome.result() instanceof Outcome.Result.Value(String json)) {
            return json;
        }
        throw new AssertionError(outcome.toString());
    }

    static Outcome.Result.HttpAnswer answer(Outcome outcome) {
        if (outcome.result() instanceof Outcome.Result.HttpAnswer answer) {
            return answer;
        }
        throw new AssertionError(outcome.toString());
    }

    static Outcome.Result.HttpStream stream(Outcome outcome) {
        if (outcome.result() instanceof Outcome.Result.HttpStream stream) {
            return stream;
        }
        throw new AssertionError(outcome.toString());
    }

    /** All of a body. */
    static Future<Buffer> read(Outcome.Result.HttpStream stream) {
        Promise<Buffer> read = Promise.promise();
        Buffer all = Buffer.buffer();
        stream.body()
                .exceptionHandler(read::tryFail)
                .endHandler(end -> read.tryComplete(all))
                .handler(all::appendBuffer)
                .resume();
        return read.future();
    }

    static Failure failure(Outcome outcome) {
        if (outcome.result() instanceof Outcome.Result.Failed(Failure failure)) {
            return failure;
        }
        throw new AssertionError(outcome.toString());
    }

    static <T> T get(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        runtime.close();
    }
}
