package dev.basalt.functions.js;

import static dev.basalt.functions.js.RuntimeFixture.failure;
import static dev.basalt.functions.js.RuntimeFixture.function;
import static dev.basalt.functions.js.RuntimeFixture.get;
import static dev.basalt.functions.js.RuntimeFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.basalt.functions.runtime.BrokenOffException;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.HandlerContext;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Links;
import dev.basalt.functions.runtime.Outcome;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.streams.ReadStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that flow into functions and out of them, and calls that share an instance. */
class StreamingTest {
    private static final long MEGABYTE = 1 << 20;
    private static final RuntimeFixture FIXTURE =
            new RuntimeFixture(Map.of("aot-cache", "false", "max-instances", "2"));

    private final FunctionVersion neighbour = function("neighbour", "n", "export const onEvent = () => 'here';");

    @AfterEach
    void neighbourStillWorks() {
        assertThat(value(FIXTURE.event(neighbour, "{}", 2000))).isEqualTo("\"here\"");
    }

    @AfterAll
    static void close() {
        FIXTURE.close();
    }

    @Test
    void anAnswerFlowsAsItIsMade() {
        Outcome outcome = call(
                "events",
                "const steps = ['a', 'b', 'c']; return new Response(new ReadableStream({ async pull(c) { if (!steps.length) return c.close();"
                        + " await new Promise((d) => setTimeout(d, 20)); c.enqueue(new TextEncoder().encode(`data: ${steps.shift()}\\n\\n`)); } }), { headers: { 'content-type': 'text/event-stream' } });",
                5000);
        Outcome.Result.HttpStream stream = stream(outcome);
        assertThat(stream.headers()).contains(Map.entry("content-type", "text/event-stream"));
        List<String> parts = new ArrayList<>();
        get(read(stream.body(), bytes -> parts.add(bytes.toString())));
        assertThat(parts).containsExactly("data: a\n\n", "data: b\n\n", "data: c\n\n");
        Outcome ended = get(outcome.ended());
        assertThat(ended.result()).isInstanceOf(Outcome.Result.HttpStream.class);
        assertThat(ended.report().runMicros()).isGreaterThan(outcome.report().runMicros());
    }

    @Test
    void anAnswerOfAGigabyteIsNeverHeldWhole() {
        Outcome outcome = call(
                "giga",
                "let n = 0; const piece = new Uint8Array(65536); return new Response(new ReadableStream({ pull(c) { if (n++ === 16384) c.close(); else c.enqueue(piece.slice()); } }));",
                60_000);
        AtomicLong bytes = new AtomicLong();
        AtomicLong highest = new AtomicLong();
        Runtime jvm = Runtime.getRuntime();
        System.gc();
        long before = jvm.totalMemory() - jvm.freeMemory();
        get(read(stream(outcome).body(), part -> {
            if (bytes.addAndGet(part.length()) % (128 * MEGABYTE) < 65_536) {
                System.gc();
                highest.accumulateAndGet(jvm.totalMemory() - jvm.freeMemory(), Math::max);
            }
        }));
        assertThat(bytes.get()).isEqualTo(1024 * MEGABYTE);
        assertThat(highest.get() - before).isLessThan(64 * MEGABYTE);
    }

    @Test
    void aReaderThatStopsHoldsTheFunctionBack() {
        Outcome outcome = call(
                "held",
                "let n = 0; globalThis.made = () => n; return new Response(new ReadableStream({ pull(c) { n++; c.enqueue(new Uint8Array(65536)); } }));",
                1500);
        Outcome.Result.HttpStream stream = stream(outcome);
        // Nobody reads: it is the time limit that ends it, with a window of bytes here and no more.
        Outcome ended = get(outcome.ended());
        assertThat(failure(ended).kind()).isEqualTo(Failure.Kind.TIMEOUT);
        AtomicLong bytes = new AtomicLong();
        assertThatThrownBy(() -> get(read(stream.body(), part -> bytes.addAndGet(part.length()))))
                .rootCause()
                .isInstanceOfSatisfying(
                        BrokenOffException.class,
                        off -> assertThat(off.failure().kind()).isEqualTo(Failure.Kind.TIMEOUT));
        assertThat(bytes.get()).isLessThanOrEqualTo(256 << 10);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "new ReadableStream({})",
                "new ReadableStream({ start(c) { c.enqueue(new Uint8Array(5)) } })",
                "new ReadableStream({ pull(c) { throw new Error('broken') } })",
                "new ReadableStream({ pull(c) { c.enqueue('text') } })",
                "new ReadableStream({ pull(c) { while (true) {} } })",
                "new ReadableStream({ pull(c) { return new Promise(() => {}) } })",
            })
    void anAnswerThatIsNeverFinishedBreaksOff(String body) {
        Outcome outcome = call("unfinished", "return new Response(" + body + ")", 800);
        if (outcome.result() instanceof Outcome.Result.HttpStream stream) {
            assertThatThrownBy(() -> get(read(stream.body(), part -> {}))).isNotNull();
        }
        assertThat(get(outcome.ended())).isNotNull();
    }

    @Test
    void aReaderThatLeavesEndsTheFunction() {
        Outcome outcome = call(
                "left",
                "let stopped; request.signal.addEventListener('abort', () => { console.log('aborted', request.signal.reason.name); });"
                        + " return new Response(new ReadableStream({ pull(c) { c.enqueue(new Uint8Array(65536)); }, cancel(reason) { console.log('cancelled', reason.name); } }));",
                20_000);
        stream(outcome).abandon().run();
        Outcome ended = get(outcome.ended());
        assertThat(ended.report().logs())
                .extracting(Outcome.LogLine::text)
                .contains("aborted AbortError", "cancelled AbortError");
    }

    @Test
    void aCallerThatLeavesBeforeTheAnswerEndsTheFunction() {
        Promise<Void> left = Promise.promise();
        Future<Outcome> outcome = invoke(
                "gone",
                "await new Promise((d) => { request.signal.onabort = () => { console.log('seen'); }; setTimeout(d, 15000); }); return new Response('late')",
                20_000,
                new Links(null, null, left.future()));
        FIXTURE.vertx().setTimer(200, due -> left.complete());
        Outcome ended = get(outcome);
        assertThat(failure(ended).kind()).isEqualTo(Failure.Kind.CANCELLED);
        assertThat(ended.report().logs()).extracting(Outcome.LogLine::text).contains("seen");
    }

    @Test
    void aRequestFlowsInAsTheFunctionReadsIt() {
        Source source = new Source(300 * MEGABYTE);
        Outcome outcome = get(invoke(
                "upload",
                "let n = 0; for await (const part of request.body) n += part.length; return new Response(String(n))",
                60_000,
                new Links(null, source, null)));
        assertThat(body(outcome)).isEqualTo(Long.toString(300 * MEGABYTE));
    }

    @Test
    void aRequestThatNobodyReadsIsNotPulledIn() {
        Source source = new Source(300 * MEGABYTE);
        Outcome outcome = get(invoke(
                "ignores",
                "await new Promise((d) => setTimeout(d, 300)); return new Response('done')",
                5000,
                new Links(null, source, null)));
        assertThat(body(outcome)).isEqualTo("done");
        assertThat(source.sentWhileWanted()).isLessThan(MEGABYTE);
    }

    @Test
    void aRequestIsPassedStraightThrough() {
        Source source = new Source(64 * MEGABYTE);
        Outcome outcome =
                get(invoke("through", "return new Response(request.body)", 30_000, new Links(null, source, null)));
        AtomicLong bytes = new AtomicLong();
        get(read(stream(outcome).body(), part -> bytes.addAndGet(part.length())));
        assertThat(bytes.get()).isEqualTo(64 * MEGABYTE);
    }

    @Test
    void callsShareAnInstanceWhereTheManifestSaysSo() {
        FunctionVersion shared = function(
                "shared",
                "s",
                new JsonObject().put("concurrency", 10).put("maxInstances", 1),
                Map.of(
                        "main.js",
                        "let open = 0, most = 0; export const onEvent = async (e) => { open++; most = Math.max(most, open); console.log('for', e.n); await new Promise((d) => setTimeout(d, 200)); open--; if (e.n === 3) throw new Error('three'); return [e.n, most]; };"));
        value(FIXTURE.event(shared, "{\"n\":0}", 5000));
        List<Future<Outcome>> calls = new ArrayList<>();
        for (int i = 1; i <= 6; i++) {
            calls.add(FIXTURE.runtime.invoke(
                    shared,
                    new Invocation.Event(
                            Duration.ofSeconds(5),
                            new HandlerContext(new JsonObject()),
                            new JsonObject().put("n", i))));
        }
        for (int i = 1; i <= 6; i++) {
            Outcome outcome = get(calls.get(i - 1));
            assertThat(outcome.report().logs())
                    .extracting(Outcome.LogLine::text)
                    .containsExactly("for " + i);
            if (i == 3) {
                assertThat(failure(outcome).message()).isEqualTo("three");
            } else {
                assertThat(value(outcome)).isEqualTo("[" + i + ",6]");
            }
        }
    }

    @Test
    void oneCallOutOfTimeLeavesTheOthersOfItsInstance() {
        FunctionVersion shared = function(
                "shared",
                "t",
                new JsonObject().put("concurrency", 4).put("maxInstances", 1),
                Map.of(
                        "main.js",
                        "export const onEvent = (e) => new Promise((d) => setTimeout(() => d(e.ms), e.ms));"));
        value(FIXTURE.event(shared, "{\"ms\":1}", 5000));
        Future<Outcome> slow = FIXTURE.runtime.invoke(
                shared,
                new Invocation.Event(
                        Duration.ofMillis(200), new HandlerContext(new JsonObject()), new JsonObject("{\"ms\":9000}")));
        Future<Outcome> other = FIXTURE.runtime.invoke(
                shared,
                new Invocation.Event(
                        Duration.ofSeconds(5), new HandlerContext(new JsonObject()), new JsonObject("{\"ms\":600}")));
        assertThat(failure(get(slow)).kind()).isEqualTo(Failure.Kind.TIMEOUT);
        assertThat(value(get(other))).isEqualTo("600");
        assertThat(value(FIXTURE.event(shared, "{\"ms\":2}", 5000))).isEqualTo("2");
        await().atMost(Duration.ofSeconds(5)).until(() -> FIXTURE.runtime.waitingCount() == 0);
    }

    @Test
    void oneCallThatLoopsTakesItsInstanceAndSaysSoToTheOthers() {
        FunctionVersion shared = function(
                "shared",
                "l",
                new JsonObject().put("concurrency", 4).put("maxInstances", 1),
                Map.of(
                        "main.js",
                        "export const onEvent = (e) => { while (e.loop) {} return new Promise((d) => setTimeout(() => d(1), 3000)); };"));
        Future<Outcome> other = FIXTURE.runtime.invoke(
                shared,
                new Invocation.Event(Duration.ofSeconds(8), new HandlerContext(new JsonObject()), new JsonObject()));
        await().atMost(Duration.ofSeconds(5)).until(() -> FIXTURE.runtime.waitingCount() == 0);
        Future<Outcome> loop = FIXTURE.runtime.invoke(
                shared,
                new Invocation.Event(
                        Duration.ofMillis(300),
                        new HandlerContext(new JsonObject()),
                        new JsonObject("{\"loop\":true}")));
        assertThat(failure(get(loop)).kind()).isEqualTo(Failure.Kind.TIMEOUT);
        assertThat(failure(get(other)).kind()).isEqualTo(Failure.Kind.CRASHED);
    }

    private static Outcome call(String name, String body, int timeoutMillis) {
        return get(invoke(name, body, timeoutMillis, Links.NONE));
    }

    private static Future<Outcome> invoke(String name, String body, int timeoutMillis, Links links) {
        FunctionVersion function = function(
                "stream",
                name + Integer.toHexString(body.hashCode()),
                "export default { async fetch(request) { " + body + " } };");
        return FIXTURE.runtime.invoke(
                function,
                new Invocation.Http(
                        Duration.ofMillis(timeoutMillis),
                        new HandlerContext(new JsonObject()),
                        links.body() == null ? "GET" : "POST",
                        "http://p.example/f",
                        List.of(),
                        Buffer.buffer(),
                        links));
    }

    static Outcome.Result.HttpStream stream(Outcome outcome) {
        if (outcome.result() instanceof Outcome.Result.HttpStream stream) {
            return stream;
        }
        throw new AssertionError(outcome.toString());
    }

    private static String body(Outcome outcome) {
        if (outcome.result() instanceof Outcome.Result.HttpAnswer answer) {
            return answer.body().toString();
        }
        throw new AssertionError(outcome.toString());
    }

    static Future<Void> read(ReadStream<Buffer> body, java.util.function.Consumer<Buffer> each) {
        Promise<Void> done = Promise.promise();
        body.handler(each::accept);
        body.exceptionHandler(done::tryFail);
        body.endHandler(end -> done.tryComplete());
        body.resume();
        return done.future();
    }

    /** Makes bytes for as long as somebody wants them. */
    private static final class Source implements ReadStream<Buffer> {
        private final Context context = FIXTURE.vertx().getOrCreateContext();
        private final Buffer piece = Buffer.buffer(new byte[32 << 10]);
        private long left;
        private final AtomicLong sent = new AtomicLong();
        private volatile long sentWhileWanted = -1;
        private boolean flowing;
        private Handler<Buffer> handler = nobody -> {};
        private Handler<Void> endHandler = nobody -> {};

        Source(long bytes) {
            this.left = bytes;
            FIXTURE.vertx().setTimer(250, due -> sentWhileWanted = sent.get());
        }

        long sentWhileWanted() {
            return sentWhileWanted;
        }

        private void flow() {
            if (!flowing) {
                return;
            }
            if (left > 0) {
                left -= piece.length();
                sent.addAndGet(piece.length());
                handler.handle(piece);
                context.runOnContext(next -> flow());
            } else {
                flowing = false;
                endHandler.handle(null);
            }
        }

        @Override
        public ReadStream<Buffer> handler(@Nullable Handler<Buffer> newHandler) {
            handler = newHandler == null ? nobody -> {} : newHandler;
            return this;
        }

        @Override
        public ReadStream<Buffer> pause() {
            flowing = false;
            return this;
        }

        @Override
        public ReadStream<Buffer> resume() {
            if (!flowing) {
                flowing = true;
                context.runOnContext(next -> flow());
            }
            return this;
        }

        @Override
        public ReadStream<Buffer> fetch(long amount) {
            return resume();
        }

        @Override
        public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> newHandler) {
            return this;
        }

        @Override
        public ReadStream<Buffer> endHandler(@Nullable Handler<Void> newHandler) {
            endHandler = newHandler == null ? nobody -> {} : newHandler;
            return this;
        }
    }
}
