package dev.basalt.functions.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.basalt.functions.egress.EgressConfig;
import dev.basalt.functions.runtime.Artifact;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.HandlerContext;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.functions.runtime.Outcome.Result;
import dev.basalt.functions.share.SharesFixture;
import dev.basalt.kit.function.FunctionManifest;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions that are HTTP servers elsewhere, here one of this JVM's. */
class ContainerRuntimeTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final AtomicInteger SEEN = new AtomicInteger();
    private static final AtomicInteger LEFT = new AtomicInteger();
    private static final HttpServer SERVER = get(
            VERTX.createHttpServer().requestHandler(ContainerRuntimeTest::serve).listen(0, "127.0.0.1"));
    private static final String HOST = "localhost:" + SERVER.actualPort();
    private static final ContainerRuntime RUNTIME = runtime(Map.of("allow", HOST));

    @BeforeEach
    void forget() {
        SEEN.set(0);
    }

    @AfterAll
    static void close() {
        RUNTIME.close();
        VERTX.close();
    }

    private static ContainerRuntime runtime(Map<String, String> settings) {
        SmallRyeConfigBuilder builder =
                new SmallRyeConfigBuilder().withMapping(ContainerConfig.class).withMapping(EgressConfig.class);
        settings.forEach((key, value) -> {
            if (!key.startsWith("share.")) {
                builder.withDefaultValue("basalt.functions.http." + key, value);
            }
        });
        var config = builder.build();
        return new ContainerRuntime(
                VERTX,
                config.getConfigMapping(ContainerConfig.class),
                SharesFixture.of(VERTX, settings),
                config.getConfigMapping(EgressConfig.class));
    }

    private static void serve(HttpServerRequest request) {
        SEEN.incrementAndGet();
        request.body().onSuccess(body -> {
            var response = request.response();
            switch (String.valueOf(request.path())) {
                case "/base/slow" -> VERTX.setTimer(400, due -> response.end("slow"));
                case "/base/never" -> {
                    response.setChunked(true).write("a");
                    response.closeHandler(gone -> LEFT.incrementAndGet());
                }
                case "/base/big" -> response.end(Buffer.buffer(new byte[7_000_000]));
                case "/base/cut" -> {
                    response.setChunked(true).write("a");
                    VERTX.setTimer(20, due -> request.connection().close());
                }
                case "/base/redirect" ->
                    response.setStatusCode(302).putHeader("Location", "/base/x").end();
                case "/base/" -> {
                    if (body.toString().contains("refuse")) {
                        response.setStatusCode(500).end();
                    } else if (body.toString().contains("big")) {
                        response.end(Buffer.buffer(new byte[7_000_000]));
                    } else {
                        JsonObject headers = new JsonObject();
                        request.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
                        response.end(new JsonObject()
                                .put("headers", headers)
                                .put("body", body.toString())
                                .encode());
                    }
                }
                default ->
                    response.setStatusCode(201)
                            .putHeader("X-A", "1")
                            .end(request.method() + " " + request.uri() + " " + request.getHeader("Host") + " "
                                    + request.getHeader("X-Forwarded-Host") + " " + body);
            }
        });
    }

    private static FunctionVersion function(String url, String more) {
        return function("p", url, more);
    }

    private static FunctionVersion function(String project, String url, String more) {
        FunctionManifest manifest =
                FunctionManifest.parse(new JsonObject("{\"runtime\":\"http\",\"url\":\"" + url + "\"" + more + "}"));
        return new FunctionVersion(
                project,
                "f",
                url + more,
                manifest,
                new JsonObject(),
                () -> Future.succeededFuture(new Artifact("", Map.of())));
    }

    private static FunctionVersion local(String more) {
        return function("http://" + HOST + "/base/", more);
    }

    private static Future<Outcome> http(ContainerRuntime runtime, FunctionVersion function, String path, int millis) {
        return runtime.invoke(
                function,
                new Invocation.Http(
                        Duration.ofMillis(millis),
                        new HandlerContext(new JsonObject().put("requestId", "r1")),
                        "POST",
                        "http://p.example/functions/v1/f" + path,
                        List.of(Map.entry("Content-Type", "text/plain"), Map.entry("Connection", "close")),
                        Buffer.buffer("body")));
    }

    private static Result event(FunctionVersion function, String event) {
        return get(RUNTIME.invoke(
                        function,
                        new Invocation.Event(
                                Duration.ofSeconds(5),
                                new HandlerContext(new JsonObject().put("requestId", "r1")),
                                new JsonObject(event))))
                .result();
    }

    private static Failure.@Nullable Kind failure(Result result) {
        return result instanceof Result.Failed(Failure failure) ? failure.kind() : null;
    }

    private static <T> T get(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aRequestGoesOnAsItIs() {
        Outcome outcome = get(http(RUNTIME, local(""), "/a%20b?x=1", 5000));
        assertThat(outcome.result()).isInstanceOfSatisfying(Result.HttpAnswer.class, answer -> {
            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.body().toString()).isEqualTo("POST /base/a%20b?x=1 " + HOST + " p.example body");
            assertThat(answer.headers()).contains(Map.entry("X-A", "1"));
        });
        assertThat(outcome.report().runMicros()).isPositive();
    }

    @Test
    void anEventIsACloudEventInBinaryMode() {
        Result result = event(
                local(""),
                "{\"specversion\":\"1.0\",\"id\":\"e1\",\"type\":\"t\",\"source\":\"/s\",\"subject\":\"a\\r\\nx: y\",\"data\":{\"n\":1}}");
        JsonObject seen = new JsonObject(((Result.Value) result).json());
        assertThat(seen.getString("body")).isEqualTo("{\"n\":1}");
        assertThat(seen.getJsonObject("headers").getMap())
                .containsEntry("ce-specversion", "1.0")
                .containsEntry("ce-id", "e1")
                .containsEntry("ce-subject", "a%0D%0Ax:%20y")
                .containsEntry("content-type", "application/json")
                .doesNotContainKeys("x", "ce-data");
    }

    @Test
    void aHooksEventIsWrappedIntoOne() {
        Result result = event(
                local(""),
                "{\"type\":\"insert\",\"schema\":\"public\",\"table\":\"todos\",\"record\":{\"id\":1},\"old_record\":null}");
        JsonObject seen = new JsonObject(((Result.Value) result).json());
        assertThat(seen.getJsonObject("headers").getMap())
                .containsEntry("ce-type", "dev.basalt.hook.insert")
                .containsEntry("ce-source", "/public/todos")
                .containsEntry("ce-id", "r1");
        assertThat(new JsonObject(seen.getString("body"))
                        .getJsonObject("record")
                        .getInteger("id"))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"/never,TIMEOUT", "/cut,CRASHED"})
    void whatGoesWrongInTheMiddleBreaksTheAnswer(String path, Failure.Kind kind) {
        Outcome outcome = get(http(RUNTIME, local(""), path, 700));
        assertThat(outcome.result())
                .isInstanceOfSatisfying(
                        Result.HttpStream.class,
                        stream -> assertThat(get(read(stream).map("whole").otherwise("broken")))
                                .isEqualTo("broken"));
        assertThat(failure(get(outcome.ended()).result())).isEqualTo(kind);
        assertThat(get(http(RUNTIME, local(""), "/x", 5000)).result()).isInstanceOf(Result.HttpAnswer.class);
    }

    @Test
    void aLargeAnswerFlowsAndToAnEventIsTooLarge() {
        Outcome outcome = get(http(RUNTIME, local(""), "/big", 5000));
        assertThat(outcome.result())
                .isInstanceOfSatisfying(
                        Result.HttpStream.class,
                        stream -> assertThat(get(read(stream))).isEqualTo(7_000_000));
        assertThat(get(outcome.ended()).word()).isEqualTo("ok");
        assertThat(failure(event(local(""), "{\"big\":1}"))).isEqualTo(Failure.Kind.TOO_LARGE);
    }

    @Test
    void whoLeavesClosesTheConnection() {
        Outcome outcome = get(http(RUNTIME, local(""), "/never", 20_000));
        int before = LEFT.get();
        assertThat(outcome.result())
                .isInstanceOfSatisfying(
                        Result.HttpStream.class, stream -> stream.abandon().run());
        assertThat(get(outcome.ended()).word()).isEqualTo("ok");
        await().until(() -> LEFT.get() == before + 1);
    }

    private static Future<Integer> read(Result.HttpStream stream) {
        Promise<Integer> read = Promise.promise();
        AtomicInteger bytes = new AtomicInteger();
        stream.body()
                .exceptionHandler(read::tryFail)
                .endHandler(end -> read.tryComplete(bytes.get()))
                .handler(part -> bytes.addAndGet(part.length()))
                .resume();
        return read.future();
    }

    @Test
    void aRefusedEventAndAServerThatIsNotThereAreFailures() {
        assertThat(failure(event(local(""), "{\"refuse\":1}"))).isEqualTo(Failure.Kind.EXCEPTION);
        try (ContainerRuntime all = runtime(Map.of("allow", "localhost:1"))) {
            assertThat(failure(get(http(all, function("http://localhost:1/", ""), "/", 2000))
                            .result()))
                    .isEqualTo(Failure.Kind.UNAVAILABLE);
        }
        assertThat(failure(get(http(RUNTIME, function("http://no-such-host.invalid/", ""), "/", 2000))
                        .result()))
                .isEqualTo(Failure.Kind.UNAVAILABLE);
    }

    @Test
    void redirectsAreTheCallersToFollow() {
        assertThat(get(http(RUNTIME, local(""), "/redirect", 5000)).result())
                .isInstanceOfSatisfying(
                        Result.HttpAnswer.class,
                        answer -> assertThat(answer.status()).isEqualTo(302));
        assertThat(SEEN).hasValue(1);
    }

    @Test
    void callsPastTheConcurrencyWaitAndPastTheQueueAreRefused() {
        FunctionVersion bounded = local(",\"concurrency\":2,\"queue\":1");
        List<Future<Outcome>> calls = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            calls.add(http(RUNTIME, bounded, "/slow", 5000));
        }
        List<Result> results = calls.stream()
                .map(ContainerRuntimeTest::get)
                .map(Outcome::result)
                .toList();
        assertThat(results.stream().filter(Result.HttpAnswer.class::isInstance)).hasSize(3);
        assertThat(results.stream().filter(result -> failure(result) == Failure.Kind.OVERLOADED))
                .hasSize(2);
        assertThat(SEEN).hasValue(3);
        try (ContainerRuntime impatient = runtime(Map.of("allow", HOST, "queue-timeout", "PT0.1S"))) {
            Future<Outcome> first = http(impatient, local(",\"concurrency\":1"), "/slow", 5000);
            assertThat(failure(get(http(impatient, local(",\"concurrency\":1"), "/slow", 5000))
                            .result()))
                    .isEqualTo(Failure.Kind.OVERLOADED);
            assertThat(get(first).result()).isInstanceOf(Result.HttpAnswer.class);
        }
    }

    /** A slow server of one project would take as many of everybody's connections and memory as there are calls of it. */
    @Test
    void aProjectsCallsPastItsShareWaitWhileOthersRun() {
        try (ContainerRuntime shared =
                runtime(Map.of("allow", HOST, "share.own", "1", "share.common", "0", "share.max-queue", "1"))) {
            Future<Outcome> first = http(shared, local(""), "/slow", 5000);
            Future<Outcome> second = http(shared, local(",\"concurrency\":7"), "/slow", 5000);
            assertThat(failure(get(http(shared, local(""), "/x", 5000)).result()))
                    .isEqualTo(Failure.Kind.OVERLOADED);
            Outcome other = get(http(shared, function("q", "http://" + HOST + "/base/", ""), "/x", 5000));
            assertThat(other.result()).isInstanceOf(Result.HttpAnswer.class);
            assertThat(first.isComplete()).isFalse();
            assertThat(get(first).word()).isEqualTo("ok");
            assertThat(get(second).report().queueMicros()).isGreaterThan(100_000);
            assertThat(get(http(shared, local(""), "/x", 5000)).word()).isEqualTo("ok");
        }
    }

    @Test
    void anAnswerThatFlowsHoldsItsPlaceUntilItsEnd() {
        try (ContainerRuntime shared = runtime(Map.of("allow", HOST, "share.own", "1", "share.common", "0"))) {
            Outcome flowing = get(http(shared, local(""), "/never", 20_000));
            Future<Outcome> next = http(shared, local(""), "/x", 5000);
            assertThat(get(http(shared, function("q", "http://" + HOST + "/base/", ""), "/x", 5000))
                            .word())
                    .isEqualTo("ok");
            assertThat(next.isComplete()).isFalse();
            ((Result.HttpStream) flowing.result()).abandon().run();
            assertThat(get(next).word()).isEqualTo("ok");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1",
                "http://localhost",
                "http://[::1]",
                "http://[::ffff:127.0.0.1]",
                "http://0.0.0.0",
                "http://2130706433"
            })
    void addressesOfTheHostAreNotCalledUnlessAllowed(String address) {
        String url = address + ":" + SERVER.actualPort() + "/base/";
        try (ContainerRuntime strict = runtime(Map.of())) {
            assertThat(failure(get(http(strict, function(url, ""), "/x", 2000)).result()))
                    .isEqualTo(Failure.Kind.UNAVAILABLE);
        }
        assertThat(SEEN).hasValue(0);
    }
}
