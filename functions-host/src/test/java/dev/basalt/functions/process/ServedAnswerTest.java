package dev.basalt.functions.process;

import static dev.basalt.functions.process.ProcessFixture.failure;
import static dev.basalt.functions.process.ProcessFixture.function;
import static dev.basalt.functions.process.ProcessFixture.get;
import static dev.basalt.functions.process.ProcessFixture.read;
import static dev.basalt.functions.process.ProcessFixture.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FlowingBody;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.Links;
import dev.basalt.functions.runtime.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.impl.ContextInternal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP servers in processes: requests and answers that reach the other side while they are made. */
class ServedAnswerTest {
    private static final int LARGE = 64 << 20;
    private static final ProcessFixture FIXTURE = new ProcessFixture(Map.of("init-timeout", "PT30S"));
    /** Answers of every kind by the request's query, which is what Azure forwards; those with a dash tell of the others. */
    private static final String ROUTES = """
            const born = Math.random();
            let go = () => {}, written = 0, left = 0;
            const routes = {
              'slow': (q, a) => { a.writeHead(203, { 'x-a': 'b' }); a.write('first;'); go = () => a.end('second'); },
              'slow-go': (q, a) => { go(); a.end('gone'); },
              'large': (q, a) => {
                written = 0;
                const more = () => { while (written < 64 << 20) { written += 65536; if (!a.write(Buffer.alloc(65536, 1))) { a.once('drain', more); return; } } a.end(); };
                more();
              },
              'large-written': (q, a) => a.end(String(written)),
              'events': (q, a) => {
                a.writeHead(200, { 'content-type': 'text/event-stream' });
                let n = 0;
                const timer = setInterval(() => a.write(`data: ${n++}\\n\\n`), 20);
                a.on('close', () => { clearInterval(timer); left++; });
              },
              'silent': (q, a) => { a.on('close', () => left++); },
              'left': (q, a) => a.end(`${left} ${born}`),
              'echo': (q, a) => { a.setHeader('x-length', q.headers['content-length'] ?? 'none'); q.pipe(a); },
              'refuse': (q, a) => { a.writeHead(413); a.end('too large'); },
              'break': (q, a) => { a.write('a'); setTimeout(() => a.destroy(), 20); },
              'die': (q, a) => { a.write('a'); setTimeout(() => process.kill(process.pid, 'SIGKILL'), 20); },
            };
            const serve = (q, a) => routes[q.url.slice(q.url.indexOf('?') + 1)](q, a);
            """;

    @BeforeAll
    static void needNode() {
        Missing.skipWithout("node", Missing.NODE);
    }

    @AfterAll
    static void close() {
        FIXTURE.close();
    }

    private static FunctionVersion own() {
        return function(
                "p",
                "own",
                "{\"runtime\":\"provided\",\"signature\":\"basalt\",\"concurrency\":3,\"maxInstances\":1}",
                Map.of(
                        "bootstrap",
                        "#!" + Missing.NODE.orElseThrow() + "\n" + ROUTES
                                + "require('node:http').createServer(serve).listen(process.env.PORT);"));
    }

    private static FunctionVersion azure(String runtime, String entrypoint, String source) {
        return function(
                "p",
                "azure",
                "{\"runtime\":\"" + runtime + "\",\"signature\":\"azure\",\"entrypoint\":\"" + entrypoint
                        + "\",\"concurrency\":3,\"maxInstances\":1}",
                Map.of("host.json", "{\"customHandler\":{\"enableForwardingHttpRequest\":true}}", entrypoint, source));
    }

    private static FunctionVersion named(String kind) throws IOException {
        return switch (kind) {
            case "own" -> own();
            case "framework" ->
                Artifacts.framework(
                        "framework",
                        "\"handler\":\"serve\",\"concurrency\":3,\"maxInstances\":1",
                        ROUTES + "require('@google-cloud/functions-framework').http('serve', serve);");
            case "azure" ->
                azure(
                        "nodejs",
                        "handler.js",
                        ROUTES
                                + "require('node:http').createServer(serve).listen(process.env.FUNCTIONS_CUSTOMHANDLER_PORT);");
            default -> {
                Missing.skipWithout("python3", Missing.PYTHON);
                // By HTTP/1.0, in which an answer ends with its connection.
                yield azure("python", "handler.py", """
                        import os, threading
                        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
                        go = threading.Event()
                        class Handler(BaseHTTPRequestHandler):
                            def do_GET(self):
                                self.send_response(203)
                                self.send_header('x-a', 'b')
                                self.end_headers()
                                if self.path.endswith('-go'):
                                    go.set()
                                    self.wfile.write(b'gone')
                                    return
                                self.wfile.write(b'first;')
                                go.wait()
                                self.wfile.write(b'second')
                        ThreadingHTTPServer(('127.0.0.1', int(os.environ['FUNCTIONS_CUSTOMHANDLER_PORT'])), Handler).serve_forever()
                        """);
            }
        };
    }

    private static Outcome call(FunctionVersion function, String path) {
        return call(function, path, 10_000);
    }

    private static Outcome call(FunctionVersion function, String path, int timeoutMillis) {
        return FIXTURE.http(function, "GET", path, "text/plain", Buffer.buffer(), timeoutMillis);
    }

    private static Outcome upload(FunctionVersion function, String path, FlowingBody body, long length) {
        return get(FIXTURE.request(
                function,
                "POST",
                path,
                "text/plain",
                Buffer.buffer(),
                10_000,
                new Links(null, body, length, null, false)));
    }

    private static String text(Outcome outcome) {
        return outcome.result() instanceof Outcome.Result.HttpAnswer whole
                ? whole.body().toString()
                : get(read(stream(outcome))).toString();
    }

    private static String broken(Outcome outcome) {
        return get(read(stream(outcome)).map("whole").otherwise("broken"));
    }

    /** Reads on into a buffer; the future has the whole in the end. */
    private static Future<String> flow(Outcome outcome, Buffer into) {
        Promise<String> end = Promise.promise();
        stream(outcome)
                .body()
                .exceptionHandler(end::tryFail)
                .endHandler(all -> end.tryComplete(into.toString()))
                .handler(into::appendBuffer)
                .resume();
        return end.future();
    }

    @ParameterizedTest
    @ValueSource(strings = {"own", "framework", "azure", "python"})
    void theBeginningIsThereBeforeTheEnd(String kind) throws IOException {
        FunctionVersion function = named(kind);
        Outcome outcome = call(function, "?slow");
        assertThat(stream(outcome).status()).isEqualTo(203);
        assertThat(stream(outcome).headers()).contains(Map.entry("x-a", "b"));
        Buffer soFar = Buffer.buffer();
        Future<String> whole = flow(outcome, soFar);
        await().until(() -> soFar.toString().equals("first;"));
        Future<Outcome> ended = outcome.ended();
        assertThat(ended.isComplete()).isFalse();
        assertThat(text(call(function, "?slow-go"))).isEqualTo("gone");
        assertThat(get(whole)).isEqualTo("first;second");
        assertThat(get(ended).word()).isEqualTo("ok");
        assertThat(get(ended).report().runMicros())
                .isGreaterThan(outcome.report().runMicros());
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 10})
    void aRequestFlowsToTheServerAsItComes(long length) {
        ContextInternal reader = (ContextInternal) ProcessFixture.VERTX.getOrCreateContext();
        FlowingBody body = new FlowingBody(reader, 1024, read -> {});
        assertThat(body.push("first".getBytes(StandardCharsets.UTF_8))).isTrue();
        Outcome outcome = upload(own(), "?echo", body, length);
        assertThat(stream(outcome).headers()).contains(Map.entry("x-length", length < 0 ? "none" : "10"));
        Buffer soFar = Buffer.buffer();
        Future<String> whole = flow(outcome, soFar);
        await().until(() -> soFar.toString().equals("first"));
        assertThat(body.push("later".getBytes(StandardCharsets.UTF_8))).isTrue();
        body.end();
        assertThat(get(whole)).isEqualTo("firstlater");
    }

    @Test
    void aServerNeedNotReadWhatItRefuses() {
        ContextInternal reader = (ContextInternal) ProcessFixture.VERTX.getOrCreateContext();
        // All that may be sent without having been read, and no end: only a caller who is told to go on can send more.
        Promise<Void> drained = Promise.promise();
        FlowingBody body = new FlowingBody(reader, 8 << 20, read -> drained.tryComplete());
        for (int i = 0; i < 128; i++) {
            assertThat(body.push(new byte[65536])).isTrue();
        }
        Outcome outcome = upload(own(), "?refuse", body, -1);
        assertThat(stream(outcome).status()).isEqualTo(413);
        assertThat(text(outcome)).isEqualTo("too large");
        get(drained.future());
    }

    @Test
    void aServerIsHeldBackUntilTheCallerReads() {
        FunctionVersion function = own();
        Outcome outcome = call(function, "?large", 60_000);
        // Held back is who has written no more after a while in which all of it could have gone.
        long[] before = {-1};
        await().pollInterval(Duration.ofMillis(300)).until(() -> {
            long now = Long.parseLong(text(call(function, "?large-written")));
            boolean same = now == before[0];
            before[0] = now;
            return same;
        });
        // What the buffers of sockets take is the kernel's to say, and some tens of megabytes by newer ones.
        assertThat(before[0]).isBetween(1L, LARGE / 2L);
        assertThat(get(read(stream(outcome))).length()).isEqualTo(LARGE);
        assertThat(get(outcome.ended()).word()).isEqualTo("ok");
    }

    @Test
    void eventsArriveOneByOneAndWhoLeavesEndsThem() {
        FunctionVersion function = own();
        String[] before = text(call(function, "?left")).split(" ", -1);
        Outcome outcome = call(function, "?events");
        assertThat(stream(outcome).headers()).contains(Map.entry("content-type", "text/event-stream"));
        Buffer soFar = Buffer.buffer();
        var _ = flow(outcome, soFar);
        await().until(() -> soFar.toString().startsWith("data: 0\n\ndata: 1\n\ndata: 2\n\n"));
        stream(outcome).abandon().run();
        assertThat(get(outcome.ended()).word()).isEqualTo("ok");
        leftOnceMore(function, before);
    }

    @Test
    void whoLeavesBeforeTheAnswerEndsTheCall() {
        FunctionVersion function = own();
        String[] before = text(call(function, "?left")).split(" ", -1);
        Promise<Void> left = Promise.promise();
        Future<Outcome> outcome = FIXTURE.request(
                function,
                "GET",
                "?silent",
                "text/plain",
                Buffer.buffer(),
                10_000,
                new Links(null, null, left.future()));
        ProcessFixture.VERTX.setTimer(200, due -> left.complete());
        assertThat(failure(get(outcome)).kind()).isEqualTo(Failure.Kind.CANCELLED);
        leftOnceMore(function, before);
    }

    /** The server has seen one more caller leave, and is the one that it was. */
    private static void leftOnceMore(FunctionVersion function, String[] before) {
        await().until(() -> text(call(function, "?left")).equals((Integer.parseInt(before[0]) + 1) + " " + before[1]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"?break", "?die"})
    void aServerThatBreaksBreaksTheAnswer(String path) {
        Outcome outcome = call(own(), path);
        assertThat(broken(outcome)).isEqualTo("broken");
        assertThat(failure(get(outcome.ended())).kind()).isEqualTo(Failure.Kind.CRASHED);
        await().until(() -> call(own(), "?slow-go").word().equals("ok"));
    }

    @Test
    void anAnswerPastItsTimeEndsTheProcess() {
        String before = text(call(own(), "?left")).split(" ", -1)[1];
        Outcome outcome = call(own(), "?events", 500);
        assertThat(broken(outcome)).isEqualTo("broken");
        Outcome ended = get(outcome.ended());
        assertThat(failure(ended).kind()).isEqualTo(Failure.Kind.TIMEOUT);
        assertThat(ended.report().runMicros()).isGreaterThan(400_000);
        assertThat(text(call(own(), "?left")).split(" ", -1)[1]).isNotEqualTo(before);
    }
}
