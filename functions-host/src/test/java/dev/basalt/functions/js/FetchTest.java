package dev.basalt.functions.js;

import static dev.basalt.functions.js.RuntimeFixture.caller;
import static dev.basalt.functions.js.RuntimeFixture.function;
import static dev.basalt.functions.js.RuntimeFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.Outcome;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What functions fetch, from a real server on this machine that the settings allow them to reach. */
class FetchTest {
    private static final int MEGABYTE = 1 << 20;
    private static final RuntimeFixture FIXTURE =
            new RuntimeFixture(Map.of("aot-cache", "false", "egress.allow-private", "127.0.0.0/8,::1/128"));
    private static final Vertx VERTX = Vertx.vertx();
    private static final Queue<String> SEEN = new ConcurrentLinkedQueue<>();
    private static final AtomicInteger OPEN = new AtomicInteger();
    private static final AtomicLong RECEIVED = new AtomicLong();
    private static int port;
    private static int otherPort;

    @BeforeAll
    static void serve() {
        port = RuntimeFixture.get(listen()).actualPort();
        otherPort = RuntimeFixture.get(listen()).actualPort();
    }

    private static io.vertx.core.Future<HttpServer> listen() {
        return VERTX.createHttpServer().requestHandler(FetchTest::answer).listen(0, "127.0.0.1");
    }

    private static void answer(HttpServerRequest request) {
        SEEN.add(request.method() + " " + request.path());
        request.connection().closeHandler(closed -> OPEN.set(0));
        switch (String.valueOf(request.path())) {
            case "/echo" ->
                request.body().onSuccess(body -> {
                    JsonObject headers = new JsonObject();
                    request.headers()
                            .forEach(header ->
                                    headers.put(header.getKey().toLowerCase(java.util.Locale.ROOT), header.getValue()));
                    request.response()
                            .setStatusCode(201)
                            .putHeader("x-a", "1")
                            .putHeader("set-cookie", (Iterable<String>) java.util.List.of("p=1", "q=2"))
                            .end(new JsonObject()
                                    .put("method", request.method().name())
                                    .put("uri", request.uri())
                                    .put("headers", headers)
                                    .put("body", body.toString())
                                    .encode());
                });
            case "/slow" -> {
                OPEN.incrementAndGet();
                VERTX.setTimer(20_000, late -> request.response().end("late"));
            }
            case "/wait" -> VERTX.setTimer(150, due -> request.response().end("waited"));
            case "/drip" -> {
                request.response().setChunked(true).write("one");
                VERTX.setTimer(
                        50,
                        due -> request.response()
                                .write("two")
                                .onComplete(written -> request.response().end()));
            }
            case "/big" -> big(request, Integer.parseInt(request.query()) * (long) MEGABYTE);
            case "/count" -> {
                RECEIVED.set(0);
                request.handler(bytes -> RECEIVED.addAndGet(bytes.length()));
                request.endHandler(end -> request.response().end(Long.toString(RECEIVED.get())));
            }
            case "/gzip" ->
                request.response().putHeader("content-encoding", "gzip").end(gzip("packed"));
            case "/to" ->
                request.response()
                        .setStatusCode(Integer.parseInt(request.getParam("status")))
                        .putHeader("location", request.getParam("location"))
                        .end("moved");
            case "/round" ->
                request.response()
                        .setStatusCode(302)
                        .putHeader("location", "/round")
                        .end();
            case "/reset" -> request.connection().close();
            case "/cut" -> {
                request.response().putHeader("content-length", "100").write("only this");
                VERTX.setTimer(20, due -> request.connection().close());
            }
            default -> request.response().setStatusCode(404).end("none");
        }
    }

    private static void big(HttpServerRequest request, long left) {
        var response = request.response().setChunked(true);
        Buffer piece = Buffer.buffer(new byte[64 << 10]);
        Runnable[] step = new Runnable[1];
        long[] rest = {left};
        step[0] = () -> {
            while (rest[0] > 0 && !response.writeQueueFull() && !response.closed()) {
                rest[0] -= piece.length();
                var _ = response.write(piece);
            }
            if (rest[0] <= 0) {
                response.end();
            } else {
                response.drainHandler(drained -> step[0].run());
            }
        };
        step[0].run();
    }

    private static Buffer gzip(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream packed = new GZIPOutputStream(out)) {
            packed.write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return Buffer.buffer(out.toByteArray());
    }

    @AfterAll
    static void close() {
        FIXTURE.close();
        VERTX.close();
    }

    private static Outcome outcome(String body, int timeoutMillis) {
        FunctionVersion function = function(
                "fetch",
                "f" + Integer.toHexString(body.hashCode()),
                new JsonObject()
                        .put(
                                "egress",
                                new JsonArray()
                                        .add("localhost:" + port)
                                        .add("127.0.0.1:" + port)
                                        .add("127.0.0.1:" + otherPort)),
                Map.of(
                        "main.js",
                        "const at = 'http://127.0.0.1:" + port + "', other = 'http://127.0.0.1:" + otherPort
                                + "';\nconst thrown = async (f) => { try { await f(); return 'nothing'; } catch (e) { return e.name + ': ' + e.message; } };\n"
                                + "export const onEvent = async () => { " + body + " };"));
        return FIXTURE.event(function, "{}", timeoutMillis);
    }

    private static String run(String body) {
        return value(outcome(body, 10_000));
    }

    @Test
    void methodHeadersAndBodyArriveAndTheAnswerComesBack() {
        JsonObject got = new JsonObject(run("""
                const r = await fetch(at + '/echo?a=b%20c#frag', { method: 'POST', body: JSON.stringify({ x: '\u00e9' }),
                  headers: { 'X-Mine': 'yes', authorization: 'Bearer t', host: 'evil.example', connection: 'close', 'content-length': '9999' } });
                return { status: r.status, ok: r.ok, url: r.url, type: r.type, a: r.headers.get('x-a'), cookies: r.headers.getSetCookie(),
                  redirected: r.redirected, echo: await r.json(), used: r.bodyUsed, fixed: await thrown(() => r.headers.set('a', 'b')) };
                """));
        assertThat(got.getInteger("status")).isEqualTo(201);
        assertThat(got.getString("url")).endsWith("/echo?a=b%20c");
        assertThat(got.getJsonArray("cookies"))
                .isEqualTo(new JsonArray().add("p=1").add("q=2"));
        assertThat(got.getBoolean("used")).isTrue();
        assertThat(got.getString("fixed")).startsWith("TypeError");
        JsonObject echo = got.getJsonObject("echo");
        assertThat(echo.getString("body")).isEqualTo("{\"x\":\"\u00e9\"}");
        JsonObject headers = echo.getJsonObject("headers");
        assertThat(headers.getString("host")).isEqualTo("127.0.0.1:" + port);
        assertThat(headers.getString("x-mine")).isEqualTo("yes");
        assertThat(headers.getString("authorization")).isEqualTo("Bearer t");
        assertThat(headers.getString("content-length")).isEqualTo("10");
        assertThat(headers.getString("content-type")).isEqualTo("text/plain;charset=UTF-8");
    }

    @Test
    void severalCallsRunAtOnce() {
        long start = System.nanoTime();
        assertThat(
                        run(
                                "return (await Promise.all(Array.from({ length: 20 }, () => fetch(at + '/wait').then((r) => r.text())))).join('')"))
                .isEqualTo("\"" + "waited".repeat(20) + "\"");
        // One after the other they would take three seconds.
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(2900));
    }

    @Test
    void bodiesFlowInPieces() {
        assertThat(run("""
                const r = await fetch(at + '/drip'); const parts = []; const d = new TextDecoder();
                for await (const part of r.body) parts.push(d.decode(part));
                return parts;
                """)).isEqualTo("[\"one\",\"two\"]");
    }

    @Test
    void aLargeAnswerFlowsThroughASmallIsolate() {
        Outcome outcome = outcome(
                "const r = await fetch(at + '/big?200'); let n = 0; for await (const part of r.body) n += part.length; return n",
                60_000);
        assertThat(value(outcome)).isEqualTo(Long.toString(200L * MEGABYTE));
        assertThat(outcome.report().egressBytes()).isBetween(200L * MEGABYTE, 201L * MEGABYTE);
    }

    @Test
    void anAnswerOverTheLimitBreaksOff() {
        assertThat(value(outcome(
                        "const r = await fetch(at + '/big?300'); let n = 0; const e = await thrown(async () => { for await (const part of r.body) n += part.length; }); return [e, n < 269 * 1048576]",
                        60_000)))
                .contains("TypeError", "true");
    }

    @Test
    void bodiesFlowOutAsTheyAreMade() {
        assertThat(run("""
                let n = 0;
                const body = new ReadableStream({ pull(c) { if (n++ === 100) c.close(); else c.enqueue(new Uint8Array(100000)); } });
                return (await fetch(at + '/count', { method: 'POST', body, duplex: 'half' })).text();
                """)).isEqualTo("\"10000000\"");
        assertThat(run("return (await fetch(at + '/count', { method: 'PUT', body: new Uint8Array(3000000) })).text()"))
                .isEqualTo("\"3000000\"");
    }

    @Test
    void anAnswerCanBePassedOnAsTheBodyOfAnother() {
        assertThat(
                        run(
                                "const r = await fetch(at + '/big?3'); return (await fetch(other + '/count', { method: 'POST', body: r.body, duplex: 'half' })).text()"))
                .isEqualTo("\"" + 3 * MEGABYTE + "\"");
    }

    @Test
    void packedAnswersAreUnpacked() {
        assertThat(run("return (await fetch(at + '/gzip')).text()")).isEqualTo("\"packed\"");
    }

    @Test
    void redirectsAreFollowedAsTheStandardSays() {
        JsonObject got = new JsonObject(run("""
                const to = (status, where) => at + `/to?status=${status}&location=${encodeURIComponent(where)}`;
                const post = { method: 'POST', body: 'b', headers: { authorization: 'Bearer t', cookie: 'c=1', 'x-mine': 'yes' } };
                const far = await (await fetch(to(302, other + '/echo'), post)).json();
                const near = await fetch(to(307, '/echo'), post);
                return { far, near: await near.json(), redirected: near.redirected, url: near.url,
                  seen303: (await (await fetch(to(303, '/echo'), { method: 'PUT', body: 'b' })).json()).method,
                  manual: (await fetch(to(301, '/echo'), { redirect: 'manual' })).status,
                  error: await thrown(() => fetch(to(301, '/echo'), { redirect: 'error' })),
                  round: await thrown(() => fetch(at + '/round')),
                  file: await thrown(() => fetch(to(302, 'file:///etc/passwd'))),
                  user: await thrown(() => fetch(to(302, 'http://u:p@127.0.0.1:1/'))),
                  elsewhere: await thrown(() => fetch(to(302, 'http://169.254.169.254/latest/meta-data'))),
                  port: await thrown(() => fetch(to(302, 'http://127.0.0.1:1/'))) };
                """));
        assertThat(got.getJsonObject("far").getString("method")).isEqualTo("GET");
        assertThat(got.getJsonObject("far").getString("body")).isEmpty();
        assertThat(got.getJsonObject("far").getJsonObject("headers").fieldNames())
                .contains("x-mine")
                .doesNotContain("authorization", "cookie", "content-type");
        assertThat(got.getJsonObject("near").getString("method")).isEqualTo("POST");
        assertThat(got.getJsonObject("near").getString("body")).isEqualTo("b");
        assertThat(got.getJsonObject("near").getJsonObject("headers").getString("authorization"))
                .isEqualTo("Bearer t");
        assertThat(got.getBoolean("redirected")).isTrue();
        assertThat(got.getString("url")).endsWith("/echo");
        assertThat(got.getString("seen303")).isEqualTo("GET");
        assertThat(got.getInteger("manual")).isEqualTo(301);
        assertThat(got.getString("error")).startsWith("TypeError").contains("redirect");
        assertThat(got.getString("round")).startsWith("TypeError").contains("20 redirects");
        assertThat(got.getString("file")).startsWith("TypeError");
        assertThat(got.getString("user")).startsWith("TypeError");
        assertThat(got.getString("elsewhere")).contains("egress list");
        assertThat(got.getString("port")).contains("egress list");
    }

    @Test
    void brokenConnectionsAreTypeErrors() {
        assertThat(
                        run(
                                "return [await thrown(() => fetch(at + '/reset')), await thrown(async () => (await fetch(at + '/cut')).text())]"))
                .matches("\\[\"TypeError: fetch failed: .*\",\"TypeError: fetch failed: .*\"]");
    }

    @Test
    void abortingEndsTheCallOnTheHostToo() {
        assertThat(run("""
                const c = new AbortController(); setTimeout(() => c.abort(), 200);
                const first = await thrown(() => fetch(at + '/slow', { signal: c.signal }));
                const second = await thrown(() => fetch(at + '/slow', { signal: AbortSignal.timeout(100) }));
                const third = await thrown(() => fetch(at + '/slow', { signal: AbortSignal.abort('own') }));
                const r = await fetch(at + '/big?50', { signal: (globalThis.d = new AbortController()).signal }); const reader = r.body.getReader();
                await reader.read(); d.abort();
                const fourth = await thrown(async () => { for (;;) if ((await reader.read()).done) break; });
                return [first, second, third, fourth].map((text) => text.split(':')[0]);
                """)).isEqualTo("[\"AbortError\",\"TimeoutError\",\"undefined\",\"AbortError\"]");
        await().atMost(Duration.ofSeconds(5)).until(() -> OPEN.get() == 0);
    }

    @Test
    void whatAFunctionLeavesOpenEndsWithIt() {
        assertThat(run("fetch(at + '/slow').catch(() => {}); return 1")).isEqualTo("1");
        await().atMost(Duration.ofSeconds(5)).until(() -> OPEN.get() == 0);
        assertThat(run("return 2")).isEqualTo("2");
    }

    @Test
    void onlyWhatTheListNamesIsCalled() {
        SEEN.clear();
        FunctionVersion none = function(
                "fetch",
                "none",
                "export const onEvent = async () => { try { await fetch('http://127.0.0.1:" + port
                        + "/echo'); return 'got it'; } catch (e) { return e.message; } };");
        assertThat(value(FIXTURE.event(none, "{}", 2000))).contains("egress list does not name 127.0.0.1:" + port);
        assertThat(run("""
                const tries = ['http://localhost/', at.replace('127.0.0.1', '127.1') + '0/', 'http://127.0.0.2:%d/echo', 'ftp://127.0.0.1/', 'file:///etc/passwd',
                  'http://[::1]:%d/echo', 'http://127.0.0.1:%d@evil.example/', 'http://example.com/'];
                const answers = []; for (const url of tries) answers.push(await thrown(() => fetch(url))); return answers.filter((text) => !text.startsWith('TypeError'));
                """.formatted(port, port, port))).isEqualTo("[]");
        assertThat(SEEN).isEmpty();
    }

    @Test
    void aNameThatLeadsToAPrivateAddressIsRefusedWhateverTheListSays() {
        SEEN.clear();
        try (RuntimeFixture strict = new RuntimeFixture(Map.of("aot-cache", "false"))) {
            FunctionVersion function = caller(
                    "strict",
                    "f",
                    port,
                    "export const onEvent = async () => { const out = []; for (const host of ['localhost', '127.0.0.1', '0x7f.1', '2130706433']) try { await fetch(`http://${host}:"
                            + port
                            + "/echo`); out.push('got it'); } catch (e) { out.push(e.message); } return out; };");
            String answer = value(strict.event(function, "{}", 5000));
            assertThat(answer).doesNotContain("got it").contains("may not reach");
        }
        assertThat(SEEN).isEmpty();
    }

    @Test
    void tooManyCallsAreRefusedAndTheRestWorks() {
        try (RuntimeFixture small = new RuntimeFixture(Map.of(
                "aot-cache",
                "false",
                "egress.allow-private",
                "127.0.0.1",
                "egress.max-calls",
                "5",
                "egress.max-open-calls",
                "2"))) {
            FunctionVersion function = caller(
                    "small",
                    "f",
                    port,
                    "export const onEvent = async () => (await Promise.allSettled(Array.from({ length: 8 }, () => fetch('http://127.0.0.1:"
                            + port + "/wait').then((r) => r.text())))).map((r) => r.status[0]).join('');");
            assertThat(value(small.event(function, "{}", 5000))).isEqualTo("\"fffffrrr\"");
            assertThat(value(small.event(function, "{}", 5000))).isEqualTo("\"fffffrrr\"");
        }
    }
}
