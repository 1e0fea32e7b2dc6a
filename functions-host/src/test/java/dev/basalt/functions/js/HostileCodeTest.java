package dev.basalt.functions.js;

import static dev.basalt.functions.js.RuntimeFixture.failure;
import static dev.basalt.functions.js.RuntimeFixture.function;
import static dev.basalt.functions.js.RuntimeFixture.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.Failure.Kind;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.Isolation;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.functions.worker.WorkerMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Code that means harm. Each case also holds that another project's function never noticed, warm instance included. */
class HostileCodeTest {
    private static final Set<String> ALLOWED_VARIABLES = Set.of("PWD", "OLDPWD", "SHLVL", "_", "");

    private static final RuntimeFixture FIXTURE = new RuntimeFixture(Map.of("aot-cache", "false"));
    private static final int TIMEOUT_MILLIS = 400;

    private final FunctionVersion neighbour =
            function("neighbour", "n", "let calls = 0; export const onEvent = () => ++calls;");
    private int before;

    @BeforeEach
    void neighbourWorks() {
        before = Integer.parseInt(value(FIXTURE.event(neighbour, "{}", 2000)));
    }

    @AfterEach
    void neighbourStillWorksOnTheSameInstance() {
        assertThat(value(FIXTURE.event(neighbour, "{}", 2000))).isEqualTo(Integer.toString(before + 1));
    }

    @AfterAll
    static void close() {
        FIXTURE.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "while (true) {}",
                "for (;;) await null",
                "const spin = () => Promise.resolve().then(spin); await spin()",
                "await new Promise((d) => setTimeout(d, 60000))",
                "setInterval(() => {}, 1); await new Promise(() => {})",
                "/^(a+)+$/.test('a'.repeat(40) + '!')",
                "let x = 3n; for (;;) x *= x + 1n",
                "try { while (true) {} } finally { while (true) {} }",
                "JSON.stringify({ toJSON() { while (true) {} } })",
                "[3, 1, 2].sort(() => { while (true) {} })",
            })
    void codeThatNeverEndsIsStoppedAtItsDeadline(String body) {
        long start = System.nanoTime();
        Failure failure = run(body);
        assertThat(failure.kind()).isIn(Kind.TIMEOUT, Kind.MEMORY, Kind.EXCEPTION);
        if (failure.kind() == Kind.EXCEPTION) {
            assertThat(failure.name()).isEqualTo("RangeError");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "const a = []; for (;;) a.push(new Array(1000).fill(a.length))",
                "let s = 'x'; const a = []; for (;;) { s = s + s.slice(0, 1000) + Math.random(); a.push(s.split('').join('')) }",
                "const a = []; for (;;) a.push(new ArrayBuffer(1 << 20))",
                "const a = []; for (;;) { const b = new Uint8Array(1 << 24); b.fill(1); a.push(b) }",
                "new Array(2 ** 26).fill(1.1)",
                "'x'.repeat(2 ** 28).split('')",
                "const m = new Map(); for (let i = 0; ; i++) m.set(i, { i })",
                "const f = []; for (;;) f.push(() => f)",
                "const zip = (c, s) => new Response(new Blob([c]).stream().pipeThrough(s)).arrayBuffer();"
                        + " const bomb = await zip(new Uint8Array(1 << 24), new CompressionStream('gzip'));"
                        + " const a = []; for (;;) a.push(await zip(bomb, new DecompressionStream('gzip')))",
            })
    void codeThatAllocatesWithoutEndIsStopped(String body) {
        Failure failure = run(body, 3000);
        assertThat(failure.kind()).isIn(Kind.MEMORY, Kind.CRASHED, Kind.TIMEOUT, Kind.EXCEPTION);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "throw new Error('no')|EXCEPTION",
                "throw null|EXCEPTION",
                "throw { toString() { throw 1 } }|EXCEPTION",
                "return Promise.reject('x')|EXCEPTION",
                "return new Promise(() => {})|STALLED",
                "const f = () => f() + 1; f()|EXCEPTION",
                "const o = {}; o.o = o; return o|EXCEPTION",
                "return 10n|EXCEPTION",
                "return 'x'.repeat(7000000)|TOO_LARGE",
                "return { toJSON() { throw new Error('no') } }|EXCEPTION",
            })
    void nonsenseFailsThatInvocationAlone(String body, Kind kind) {
        FunctionVersion function = function(
                "hostile", "mixed", "export const onEvent = async (e) => { if (e.good) return 'good'; " + body + " };");
        assertThat(failure(FIXTURE.event(function, "{}", 2000)).kind()).isEqualTo(kind);
        assertThat(value(FIXTURE.event(function, "{\"good\":true}", 2000))).isEqualTo("\"good\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "return 'text'",
                "return { status: 200, headers: {} }",
                "return null",
                "Array.prototype.join = () => 'b\\r'; return new Response('x')",
            })
    void whatIsNoResponseIsNotSentOn(String body) {
        FunctionVersion function = function("hostile", "answers", "export default { async fetch() { " + body + " } };");
        assertThat(failure(FIXTURE.http(function, "GET", "", 2000)).kind()).isEqualTo(Kind.BAD_ANSWER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "try { r.status = 5 } catch (e) {}",
                "r.headers[Symbol.iterator] = function* () { yield ['a', 'b\\r\\nc: d'] }",
                "Headers.prototype[Symbol.iterator] = Headers.prototype.entries = function* () { yield ['evil', '1'] }",
                "Object.prototype.evil = 1; Array.prototype.evil = 1; Response.prototype.status = 5",
                "try { r.headers.set('a', 'b\\r\\nevil: 1') } catch (e) {}",
                "try { r.headers.append('evil: 1\\r\\nx', 'y') } catch (e) {}",
                "Array.prototype.join = () => 'b\\nevil:1'",
                "String.prototype.toLowerCase = () => 'x:\\nevil'; r.headers.set('b', '1')",
                "Map.prototype.get = () => ['b\\r\\nevil: 1']; String.prototype.replace = () => 'b\\r\\nevil: 1'",
            })
    void noHeaderCanBeSmuggledIntoAnAnswer(String trick) {
        FunctionVersion function = function(
                "hostile",
                "smuggler",
                "export default { async fetch() { const r = new Response('x', { headers: { good: '1' } }); " + trick
                        + "; return r } };");
        Outcome outcome = FIXTURE.http(function, "GET", "", 2000);
        if (outcome.result() instanceof Outcome.Result.HttpAnswer answer) {
            assertThat(answer.headers()).noneMatch(header -> (header.getKey() + header.getValue()).contains("evil"));
            assertThat(answer.headers()).noneMatch(header -> header.getValue().matches("(?s).*[\r\n].*"));
            assertThat(answer.status()).isEqualTo(200);
        } else {
            assertThat(failure(outcome).kind()).isIn(Kind.BAD_ANSWER, Kind.EXCEPTION);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "for (let i = 0; i < 100000; i++) fetch('http://127.0.0.1:1/').catch(() => {}); await new Promise(() => {})",
                "const a = []; for (let i = 0; i < 2000; i++) a.push(fetch('http://127.0.0.1:1/', { method: 'POST', body: new Uint8Array(1000000) })); await Promise.all(a)",
                "for (;;) fetch('http://127.0.0.1:1/').catch(() => {})",
                "for (;;) setTimeout(() => {}, 1)",
                "for (let i = 0; i < 9000; i++) setInterval(() => {}, 0); await new Promise(() => {})",
                "Date.now = () => 0; performance.now = () => -1e12; await new Promise((d) => setTimeout(d, 60000))",
                "Math.ceil = () => -3; await new Promise((d) => setTimeout(d, 60000))",
                "Math.ceil = () => NaN; await new Promise((d) => setTimeout(d, 60000))",
                "Math.ceil = () => ({ valueOf() { while (true) {} } }); await new Promise((d) => setTimeout(d, 60000))",
                "let x = 2n; for (;;) x = x ** 64n",
                "let x = 3n; for (;;) x = (x << 1000000n) * x",
                "(3n ** 100000000n).toString()",
                "Promise.prototype.then = () => {}; Map.prototype.get = () => { throw 1 }; await new Promise((d) => setTimeout(d, 5)); while (true) {}",
                "Array.prototype.shift = () => ({ number: 1 }); Map.prototype.has = () => true; await new Promise((d) => setTimeout(d, 60000))",
                "const k = await crypto.subtle.importKey('raw', new Uint8Array(9), 'PBKDF2', false, ['deriveBits']); await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-512', salt: new Uint8Array(9), iterations: 2147483647 }, k, 512)",
                "for (;;) await crypto.subtle.generateKey({ name: 'RSA-PSS', modulusLength: 4096, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' }, true, ['sign'])",
                "for (;;) new ReadableStream({}).tee()",
                "const s = () => new ReadableStream({ pull(c) { c.enqueue(new Uint8Array(1000000)) } }); await new Response(s()).text()",
                "const f = new FormData(); for (;;) f.append('a', new Blob([new Uint8Array(100000)]))",
            })
    void theNewApisAreNoWayRoundTheLimits(String body) {
        Failure failure = run(body, 1500);
        assertThat(failure.kind())
                .isIn(Kind.TIMEOUT, Kind.MEMORY, Kind.CRASHED, Kind.EXCEPTION, Kind.STALLED, Kind.INTERNAL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "for (let i = 0; i < 1000000; i++) ctx.waitUntil(Promise.resolve())",
                "ctx.waitUntil(new Promise((d) => setTimeout(d, 60000)))",
                "ctx.waitUntil((async () => { while (true) await null })())",
                "ctx.waitUntil(new Promise(() => {}))",
            })
    void workBehindTheAnswerEndsAtTheTimeLimitToo(String body) {
        FunctionVersion function =
                function("hostile", "behind", "export const onEvent = (e, ctx) => { " + body + "; return 'said'; };");
        Outcome outcome = FIXTURE.event(function, "{}", 800);
        Outcome ended = RuntimeFixture.get(outcome.ended());
        assertThat(ended.report().runMicros()).isLessThan(5_000_000);
        assertThat(value(FIXTURE.event(
                        function("hostile", "next", "export const onEvent = () => 'alive';"), "{}", 2000)))
                .isEqualTo("\"alive\"");
    }

    @Test
    void anAnswerOfAGigabyteInOnePieceIsRefused() {
        for (String body : List.of(
                "new Response('x'.repeat(2 ** 29 - 24))",
                "new Response(new Uint8Array(2 ** 30))",
                "Response.json(new Array(1e8).fill('xxxxxxxxxx'))")) {
            FunctionVersion function = function("hostile", "giga", "export default { fetch: () => " + body + " };");
            assertThat(failure(FIXTURE.http(function, "GET", "", 3000)).kind())
                    .isIn(Kind.TOO_LARGE, Kind.MEMORY, Kind.CRASHED, Kind.TIMEOUT, Kind.EXCEPTION);
        }
    }

    @Test
    void thePreludeGivesNothingOfItsOwnAway() {
        FunctionVersion function = function("hostile", "grab", """
                const seen = new Set();
                const note = (value) => { if (typeof value === 'object' && value !== null && ['send', 'crypto', 'load', 'idna'].some((name) => typeof value[name] === 'function')) seen.add('host'); };
                Error.prepareStackTrace = (error, frames) => { for (const frame of frames) { note(frame.getThis()); note(frame.getFunction()); } return ''; };
                for (const type of [Function, Map, Array, Promise, WeakMap, Set]) for (const name of Object.getOwnPropertyNames(type.prototype)) {
                  if (name === 'constructor') continue;
                  const own = Object.getOwnPropertyDescriptor(type.prototype, name);
                  if (typeof own.value !== 'function') continue;
                  const real = own.value;
                  try { type.prototype[name] = function (...given) { note(this); given.forEach?.call ? null : null; for (let i = 0; i < given.length; i++) note(given[i]); return Reflect.apply(real, this, given); }; } catch (e) {}
                }
                Object.defineProperty(Object.prototype, 'host', { set(value) { note(value); }, configurable: true });
                export const onEvent = async (event, ctx) => {
                  try { await fetch('http://127.0.0.1:1/'); } catch (e) { e.stack; }
                  try { new URL('nonsense'); } catch (e) { e.stack; }
                  try { await new Response(new ReadableStream({ pull(c) { throw new Error(); } })).text(); } catch (e) { e.stack; }
                  try { await crypto.subtle.digest('x', new Uint8Array(1)); } catch (e) { e.stack; }
                  try { await ctx.data.select('t'); } catch (e) { e.stack; }
                  return [...seen];
                };
                """);
        Outcome outcome = FIXTURE.event(function, "{}", 3000);
        if (outcome.result() instanceof Outcome.Result.Value(String json)) {
            assertThat(json).isEqualTo("[]");
        }
    }

    @Test
    void aDeadWorkerTakesOnlyItsOwnInvocationsAndIsReplaced() {
        FunctionVersion killer =
                function("hostile", "killer", "export const onEvent = () => new Array(2 ** 27).fill(1.1).length;");
        assertThat(failure(FIXTURE.event(killer, "{}", 5000)).kind()).isIn(Kind.CRASHED, Kind.MEMORY, Kind.TIMEOUT);
        assertThat(value(FIXTURE.event(
                        function("hostile", "after", "export const onEvent = () => 'alive';"), "{}", 2000)))
                .isEqualTo("\"alive\"");
    }

    @Test
    void aModuleThatNeverFinishesLoadingIsStopped() {
        for (String source : List.of("while (true) {}", "await new Promise(() => {})", "throw new Error('at load')")) {
            FunctionVersion function = function("hostile", "loads", source + "\nexport const onEvent = () => 1;");
            assertThat(failure(FIXTURE.event(function, "{}", 1000)).kind())
                    .isIn(Kind.TIMEOUT, Kind.STALLED, Kind.EXCEPTION);
        }
    }

    @Test
    void aFloodOfLogLinesIsCutAndSaysSo() {
        FunctionVersion function = function(
                "hostile",
                "logs",
                "export const onEvent = () => { for (let i = 0; i < 200000; i++) console.log('x'.repeat(100), i); return 1; };");
        Outcome outcome = FIXTURE.event(function, "{}", 5000);
        assertThat(value(outcome)).isEqualTo("1");
        int bytes = outcome.report().logs().stream()
                .mapToInt(line -> line.text().length())
                .sum();
        assertThat(bytes).isBetween(100_000, 300_000);
        assertThat(outcome.report().logs().getLast().text()).contains("log cut");
    }

    @Test
    void theHostIsOutOfReach() {
        FunctionVersion function = function("hostile", "reach", """
                export const onEvent = async (event, ctx) => {
                  const found = [];
                  for (const name of ['process', 'require', 'Java', 'Packages', 'java', 'javet', 'host', 'kit', 'module', '__dirname', 'Bun', 'load', 'read', 'quit', 'print', 'gc', 'd8'])
                    if (typeof globalThis[name] !== 'undefined') found.push(name);
                  for (const path of ['node:fs', 'fs', 'file:///etc/passwd', '/etc/passwd', '../../etc/passwd', 'https://example.com/x.js', 'data:text/javascript,export default 1'])
                    try { await import(path); found.push(path); } catch (e) {}
                  try { await fetch('http://127.0.0.1/'); found.push('fetch'); } catch (e) {}
                  try { Deno.readTextFileSync('/etc/passwd'); found.push('Deno.read'); } catch (e) {}
                  try { new Function('return this')().constructor.constructor('return process')(); found.push('process'); } catch (e) {}
                  found.push(...Object.keys(Deno.env.toObject()).filter((name) => name !== 'MODE'));
                  return found;
                };
                """);
        assertThat(value(FIXTURE.event(function, "{}", 2000))).isEqualTo("[]");
    }

    @Test
    void theWorkerProcessSeesNoEnvironmentAndHoldsNoOtherFiles() {
        value(FIXTURE.event(function("hostile", "any", "export const onEvent = () => 1;"), "{}", 2000));
        List<String> environments = ofWorkers("environ");
        assertThat(environments).isNotEmpty();
        for (String environment : environments) {
            for (String entry : environment.split("\0", -1)) {
                assertThat(entry.split("=", -1)[0]).isIn(ALLOWED_VARIABLES);
            }
        }
    }

    @Test
    void theWorkerProcessIsUnderTheFilterOfSystemCalls() {
        if (FIXTURE.runtime.isolation().level() != Isolation.Level.FULL) {
            System.err.println("SKIPPED: no filter of system calls: "
                    + FIXTURE.runtime.isolation().reason());
            Assumptions.abort("there is no full sandbox");
        }
        value(FIXTURE.event(function("hostile", "any", "export const onEvent = () => 1;"), "{}", 2000));
        // Those with a process id in a second namespace; bubblewrap itself waits outside of it.
        assertThat(ofWorkers("status").stream().filter(status -> status.matches("(?s).*\nNSpid:\t\\d+\t\\d+\n.*")))
                .isNotEmpty()
                .allMatch(status -> status.contains("\nSeccomp:\t2\n"));
    }

    /** What a file of each worker process says; other tests of this JVM have children too, a PostgreSQL for one. */
    private static List<String> ofWorkers(String file) {
        List<String> found = new ArrayList<>();
        for (ProcessHandle process : ProcessHandle.current().descendants().toList()) {
            Path proc = Path.of("/proc/" + process.pid());
            try {
                if (Files.readString(proc.resolve("cmdline")).contains(WorkerMain.class.getName())) {
                    found.add(Files.readString(proc.resolve(file)));
                }
            } catch (IOException e) {
                // It has ended.
            }
        }
        return found;
    }

    private Failure run(String body) {
        return run(body, TIMEOUT_MILLIS);
    }

    private Failure run(String body, int timeoutMillis) {
        return failure(FIXTURE.event(
                function("hostile", "f", "export const onEvent = async () => { " + body + " };"), "{}", timeoutMillis));
    }
}
