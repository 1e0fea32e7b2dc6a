package dev.basalt.functions.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.caoccao.javet.exceptions.JavetException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a well-meaning function finds and does. Hostile ones are tried out of process, by the host's tests. */
class IsolateTest {
    private final InvocationLog log = new InvocationLog(1 << 20);
    private int runs;

    private final Outside outside = new Outside() {
        @Override
        public void send(FrameWriter frame) {
            throw new IllegalStateException("no host here");
        }

        @Override
        public void print(int run, int level, String text) {
            log.add(level, text);
        }
    };

    @Test
    void defaultExportWithFetchAnswersARequest() throws Exception {
        String answer = fetch("""
                export default { async fetch(request, env, ctx) {
                  const body = await request.json();
                  return Response.json({ hi: body.name, path: new URL(request.url).pathname, mode: env.MODE, id: ctx.requestId });
                } };
                """, "{\"name\":\"Ann\"}");
        assertThat(answer)
                .startsWith("200\ncontent-type:application/json\n\n")
                .endsWith("{\"hi\":\"Ann\",\"path\":\"/a/b\",\"mode\":\"test\",\"id\":\"r1\"}");
    }

    @Test
    void denoServeIsAHandlerToo() throws Exception {
        assertThat(fetch("Deno.serve((request) => new Response(request.method + ' ' + Deno.env.get('MODE')));", ""))
                .endsWith("POST test");
    }

    @Test
    void timersAndPromisesAreDrivenUntilTheAnswerIsThere() throws Exception {
        assertThat(value("""
                        export async function onEvent() {
                          const order = [];
                          const wait = (ms, name) => new Promise((done) => setTimeout(() => { order.push(name); done(); }, ms));
                          await Promise.all([wait(20, 'late'), wait(1, 'early')]);
                          queueMicrotask(() => order.push('micro'));
                          await null;
                          return order;
                        }
                        """)).isEqualTo("[\"early\",\"late\",\"micro\"]");
    }

    @Test
    void aPromiseThatNothingCanSettleFailsAtOnce() {
        assertThatThrownBy(() -> value("export const onEvent = () => new Promise(() => {});"))
                .isInstanceOfSatisfying(
                        FailedException.class,
                        e -> assertThat(e.failure().kind()).isEqualTo("stalled"));
    }

    @Test
    void importsResolveWithinTheArtifactOnly() throws Exception {
        Map<String, String> files = Map.of(
                "src/main.js",
                "import { a } from '../lib/a.js'; import data from './data.json'; export const onEvent = () => [a, data.n];",
                "lib/a.js",
                "import { b } from './deep/b.js'; export const a = b + 1;",
                "lib/deep/b.js",
                "export const b = 1;",
                "src/data.json",
                "{\"n\":7}");
        assertThat(run(files, "src/main.js", 1, "{\"event\":{},\"ctx\":{}}\n", "")
                        .text())
                .isEqualTo("[2,7]");
        assertThat(Modules.resolve("src/main.js", "../../etc/passwd")).isNull();
        assertThat(Modules.resolve("src/main.js", "/etc/passwd")).isNull();
        assertThat(Modules.resolve("src/main.js", "node:fs")).isNull();
    }

    @Test
    void checkNamesFileAndLineOfASyntaxError() throws Exception {
        Failure failure = failed(
                Map.of("main.js", "import './lib.js';\nexport default {};", "lib.js", "const a = 1;\nconst b = ;\n"),
                "main.js");
        assertThat(failure.file()).isEqualTo("lib.js");
        assertThat(failure.line()).isEqualTo(2);
        assertThat(failure.message()).contains("Unexpected token");
    }

    @Test
    void checkNamesAMissingImportAndAMissingExport() throws Exception {
        Failure missing = failed(Map.of("main.js", "\nimport x from './nope.js';\nexport default x;"), "main.js");
        assertThat(missing.message()).contains("cannot find module");
        assertThat(missing.file()).isEqualTo("main.js");
        assertThat(missing.line()).isEqualTo(2);
        assertThat(check(
                        Map.of(
                                "main.js",
                                "import { x } from './a.js';\nexport default x;",
                                "a.js",
                                "export const y = 1;"),
                        "main.js"))
                .isNotNull();
        assertThat(check(Map.of("main.js", "export default { fetch() { while (true) {} } };"), "main.js"))
                .isNull();
    }

    @Test
    void webApisBehaveAsTheirStandardsSay() throws Exception {
        String cases = """
                const eq = (name, got, want) => { const g = JSON.stringify(got), w = JSON.stringify(want); if (g !== w) bad.push(`${name}: ${g} instead of ${w}`); };
                const thrown = (f) => { try { f(); return 'nothing'; } catch (e) { return e.name; } };
                const bad = [];
                export async function onEvent() {
                  eq('url', new URL('../x?q=1#f', 'HTTP://User:pw@ExAmple.com:80/a/b/c').href, 'http://User:pw@example.com/a/x?q=1#f');
                  eq('dots', new URL('http://h/a/./b/../c/%2e%2e/d').pathname, '/a/d');
                  eq('ipv4', new URL('http://0x7f.1/').hostname, '127.0.0.1');
                  eq('ipv6', new URL('http://[2001:db8:0:0:0:0:0:1]/').host, '[2001:db8::1]');
                  eq('idna', new URL('http://b\\u00fccher.de/').hostname, 'xn--bcher-kva.de');
                  eq('opaque', new URL('mailto:a@b.c').pathname, 'a@b.c');
                  eq('special query', new URL("http://h/?a='b c'").search, '?a=%27b%20c%27');
                  eq('bad url', thrown(() => new URL('http://a b/')), 'TypeError');
                  eq('bad port', thrown(() => new URL('http://a:99999/')), 'TypeError');
                  const u = new URL('http://h/p?a=1&b=2'); u.searchParams.append('c', 'x y&'); u.searchParams.delete('a');
                  eq('params', u.href, 'http://h/p?b=2&c=x+y%26');
                  eq('form', [...new URLSearchParams('a=1+2&b=%C3%A9&a=3')], [['a', '1 2'], ['b', '\\u00e9'], ['a', '3']]);
                  eq('utf8', [...new TextEncoder().encode('a\\u00e9\\u20ac\\u{1f600}\\ud800')], [97, 195, 169, 226, 130, 172, 240, 159, 152, 128, 239, 191, 189]);
                  eq('decode', new TextDecoder().decode(new Uint8Array([0xef, 0xbb, 0xbf, 97, 195, 169, 0xff, 240, 159, 152, 128])), 'a\\u00e9\\ufffd\\u{1f600}');
                  eq('fatal', thrown(() => new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([0xc0, 0x80]))), 'TypeError');
                  const d = new TextDecoder(); eq('stream', d.decode(new Uint8Array([0xe2, 0x82]), { stream: true }) + d.decode(new Uint8Array([0xac])), '\\u20ac');
                  eq('base64', [btoa('\\u00ffab'), atob('/2Fi'), thrown(() => btoa('\\u20ac')), thrown(() => atob('a'))], ['/2Fi', '\\u00ffab', 'InvalidCharacterError', 'InvalidCharacterError']);
                  const h = new Headers([['B', ' x '], ['a', '1'], ['b', 'y']]); h.append('Set-Cookie', 'p=1'); h.append('Set-Cookie', 'q=2');
                  eq('headers', [...h], [['a', '1'], ['b', 'x, y'], ['set-cookie', 'p=1'], ['set-cookie', 'q=2']]);
                  eq('injection', [thrown(() => h.set('x', 'a\\r\\nevil: 1')), thrown(() => h.set('x\\r\\n', '1'))], ['TypeError', 'TypeError']);
                  eq('status', thrown(() => new Response('', { status: 99 })), 'RangeError');
                  eq('null body', thrown(() => new Response('x', { status: 204 })), 'TypeError');
                  const r = new Request('http://h/', { method: 'post', body: new URLSearchParams({ a: 'b c' }) });
                  eq('request', [r.method, r.headers.get('content-type'), (await r.formData()).get('a')], ['POST', 'application/x-www-form-urlencoded;charset=UTF-8', 'b c']);
                  let twice; try { await r.text(); } catch (e) { twice = e.name; } eq('read twice', twice, 'TypeError');
                  const c = new Response('abc').clone(); eq('bytes', [...await c.bytes()], [97, 98, 99]);
                  const m = structuredClone({ d: new Date(5), m: new Map([[1, new Set([2])]]), b: new Uint8Array([1, 2]) });
                  eq('clone', [m.d.getTime(), [...m.m.get(1)], [...m.b], thrown(() => structuredClone(() => 1))], [5, [2], [1, 2], 'DataCloneError']);
                  const loop = {}; loop.self = loop; eq('cycle', structuredClone(loop).self.self === structuredClone(loop), false);
                  eq('uuid', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID()), true);
                  eq('random', crypto.getRandomValues(new Uint32Array(4)).some((x) => x > 0), true);
                  const a = new AbortController(); let heard; a.signal.addEventListener('abort', () => { heard = a.signal.reason.name; }); a.abort(); eq('abort', heard, 'AbortError');
                  const t = AbortSignal.timeout(2); await new Promise((done) => { t.onabort = done; }); eq('timeout', t.reason.name, 'TimeoutError');
                  eq('gone', [typeof SharedArrayBuffer, typeof WebAssembly, typeof Java, typeof require, typeof process], ['undefined', 'undefined', 'undefined', 'undefined', 'undefined']);
                  return bad;
                }
                """;
        assertThat(value(cases)).isEqualTo("[]");
    }

    @Test
    void consoleFormatsAndIsCutAtItsLimit() throws Exception {
        value(
                "export const onEvent = () => { console.log('a %s %d', 'b', 2, { c: [1, 'x'] }); console.error(new Map([[1, 2]])); };");
        assertThat(log.take()).contains("1,\"a b 2 { c: [ 1, \\\"x\\\" ] }\"]").contains("3,\"Map { 1 => 2 }\"]");
    }

    @Test
    void binaryBodiesGoInAndOutUnchanged() throws Exception {
        byte[] body = {0, 1, (byte) 0xff, (byte) 0xfe, 10};
        Map<String, String> files = Map.of(
                "main.js",
                "export default { async fetch(r) { const b = new Uint8Array(await r.arrayBuffer()); return new Response(b.reverse()); } };");
        try (Isolate isolate = loaded(files, "main.js")) {
            Isolate.Word answer = invoke(isolate, 0, REQUEST, body, true);
            assertThat(answer.kind()).isEqualTo('B');
            assertThat(Objects.requireNonNull(answer.bytes()).array()).containsExactly(10, 0xfe, 0xff, 1, 0);
        }
    }

    @Test
    void whatTheHandlerThrowsIsDescribedWithItsStack() throws Exception {
        Isolate.Word answer = run(
                Map.of("main.js", "export const onEvent = () => {\n  throw new TypeError('no <way>');\n};"),
                "main.js",
                1,
                EVENT,
                "");
        assertThat(answer.kind()).isEqualTo('E');
        assertThat(answer.text()).contains("\"name\":\"TypeError\"", "\"no <way>\"", "main.js:2");
    }

    @Test
    void workBehindTheAnswerIsDrivenToItsEnd() throws Exception {
        Map<String, String> files = Map.of(
                "main.js",
                "export const onEvent = (e, ctx) => { ctx.waitUntil(new Promise((d) => setTimeout(() => { console.log('later'); d(); }, 5))); return 1; };");
        try (Isolate isolate = loaded(files, "main.js")) {
            Isolate.Word answer = invoke(isolate, 1, EVENT, new byte[0], false);
            assertThat(answer.goesOn()).isTrue();
            assertThat(log.take()).isNull();
            assertThat(drive(isolate).kind()).isEqualTo('D');
            assertThat(log.take()).contains("later");
        }
    }

    @Test
    void anAnswerOverTheLimitIsRefusedInsideTheIsolate() throws Exception {
        Isolate.Word answer = run(
                Map.of("main.js", "export default { fetch: () => new Response('x'.repeat(2000000)) };"),
                "main.js",
                0,
                REQUEST,
                "");
        assertThat(answer.text()).contains("too_large");
    }

    private Failure failed(Map<String, String> files, String entrypoint) throws JavetException {
        return Objects.requireNonNull(check(files, entrypoint));
    }

    private @Nullable Failure check(Map<String, String> files, String entrypoint) throws JavetException {
        try (Isolate isolate = new Isolate(outside)) {
            return isolate.check(files, entrypoint);
        }
    }

    private static final String REQUEST =
            "{\"method\":\"POST\",\"url\":\"http://p.example/a/b?c=d\",\"ctx\":{\"requestId\":\"r1\"}}\n\ncontent-type:application/json";
    private static final String EVENT = "{\"event\":{\"type\":\"insert\"},\"ctx\":{}}\n";

    private String fetch(String source, String body) throws JavetException, FailedException {
        return run(Map.of("main.js", source), "main.js", 0, REQUEST, body).text();
    }

    private String value(String source) throws JavetException, FailedException {
        Isolate.Word answer = run(Map.of("main.js", source), "main.js", 1, EVENT, "");
        assertThat(answer.kind()).as(answer.text()).isEqualTo('R');
        return answer.text();
    }

    private Isolate.Word run(Map<String, String> files, String main, int kind, String meta, String body)
            throws JavetException, FailedException {
        try (Isolate isolate = loaded(files, main)) {
            return invoke(isolate, kind, meta, body.getBytes(StandardCharsets.UTF_8), false);
        }
    }

    private Isolate.Word invoke(Isolate isolate, int kind, String meta, byte[] body, boolean binary)
            throws JavetException, FailedException {
        isolate.begin(++runs, kind, meta, body, binary);
        return drive(isolate);
    }

    private static Isolate.Word drive(Isolate isolate) throws JavetException, FailedException {
        while (true) {
            Isolate.Word word = isolate.poll();
            if (word != null) {
                return word;
            }
            if (isolate.waitMillis() < 0) {
                throw new FailedException(Isolate.stalled("the handler"));
            }
            LockSupport.parkNanos(isolate.waitMillis() * 1_000_000L);
        }
    }

    private Isolate loaded(Map<String, String> files, String main) throws JavetException, FailedException {
        Isolate isolate = new Isolate(outside);
        isolate.limits().arm(System.nanoTime() + 5_000_000_000L);
        isolate.prepare();
        isolate.load(new LoadRequest(2000, 64, 1 << 20, 1 << 20, 100, 10, 1, "{\"MODE\":\"test\"}", main, files));
        return isolate;
    }
}
