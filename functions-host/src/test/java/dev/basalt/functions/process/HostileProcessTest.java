package dev.basalt.functions.process;

import static dev.basalt.functions.process.ProcessFixture.failure;
import static dev.basalt.functions.process.ProcessFixture.function;
import static dev.basalt.functions.process.ProcessFixture.node;
import static dev.basalt.functions.process.ProcessFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.Failure.Kind;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.Isolation;
import dev.basalt.functions.runtime.Outcome;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes that mean harm. Each case also holds that another project's process never noticed. */
class HostileProcessTest {
    private static final Set<String> ALLOWED_VARIABLES = Set.of("PWD", "OLDPWD", "SHLVL", "_");

    private static final ProcessFixture FIXTURE = new ProcessFixture(Map.of("pids", "48", "init-timeout", "PT5S"));

    private final FunctionVersion neighbour =
            node("neighbour", "n", "let calls = 0; exports.handler = async () => ++calls;");
    private int before;

    @BeforeAll
    static void needsNodeAndASandbox() {
        Missing.skipWithout("node", Missing.NODE);
        Isolation isolation = FIXTURE.runtime.isolation();
        if (isolation.level() != Isolation.Level.FULL) {
            System.err.println("SKIPPED: hostile processes need the full sandbox: " + isolation.reason());
            Assumptions.abort(isolation.reason());
        }
    }

    @BeforeEach
    void neighbourWorks() {
        before = Integer.parseInt(value(FIXTURE.event(neighbour, "{}", 5000)));
    }

    @AfterEach
    void neighbourStillWorksInTheSameProcess() {
        assertThat(value(FIXTURE.event(neighbour, "{}", 5000))).isEqualTo(Integer.toString(before + 1));
    }

    @AfterAll
    static void close() throws IOException {
        FIXTURE.close();
        try (var left = Files.list(ProcessFixture.HOME)) {
            assertThat(left.map(Path::getFileName).map(Path::toString))
                    .noneMatch(name ->
                            name.startsWith("host-" + ProcessHandle.current().pid() + "-"));
        }
    }

    private static Outcome run(String body, int timeoutMillis) {
        return FIXTURE.event(
                node(
                        "hostile",
                        "h",
                        "const fs = require('node:fs'), cp = require('node:child_process'), net = require('node:net'), http = require('node:http');"
                                + " exports.handler = async (event, context) => { " + body + " };"),
                "{}",
                timeoutMillis);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "while (true) {}|TIMEOUT",
                "await new Promise(() => setTimeout(() => {}, 1e9))|TIMEOUT",
                "process.on('SIGTERM', () => {}); for (;;) {}|TIMEOUT",
                "process.exit(3)|CRASHED",
                "process.kill(process.pid, 'SIGSEGV'); await new Promise(() => {})|CRASHED",
                "process.abort()|CRASHED",
                "process.kill(1, 'SIGKILL'); cp.execSync('kill -9 -1')|CRASHED",
                "const a = []; for (;;) a.push(Buffer.alloc(1 << 24, 1))|MEMORY",
                "return 'x'.repeat(7e6)|TOO_LARGE",
                "setTimeout(() => { throw new Error('later') }); await new Promise(() => setTimeout(() => {}, 1e9))|EXCEPTION",
            })
    void aProcessThatMisbehavesIsEndedAndTheNextCallHasANewOne(String body, Kind kind) {
        assertThat(failure(run(body, 1500)).kind()).isEqualTo(kind);
        assertThat(value(run("return 'fresh'", 5000))).isEqualTo("\"fresh\"");
    }

    @Test
    void aCrashTellsTheExitCodeAndTheLastLines() {
        Outcome outcome = run("console.log('one'); console.error('two'); process.exitCode = 9; process.exit()", 3000);
        Failure failure = failure(outcome);
        assertThat(failure.kind()).isEqualTo(Kind.CRASHED);
        assertThat(failure.message()).isEqualTo("the process exited with code 9");
        assertThat(failure.stack()).contains("two");
        assertThat(outcome.report().logs()).extracting(Outcome.LogLine::text).containsSubsequence("one", "two");
        Failure signalled = failure(run("process.kill(process.pid, 'SIGSEGV'); await new Promise(() => {})", 3000));
        assertThat(signalled.message()).isEqualTo("the process was ended by signal 11");
    }

    @Test
    void aForkBombStaysInItsBounds() {
        Outcome outcome = run(
                "let made = 0; try { for (;;) { const c = cp.spawn('/bin/sleep', ['60']); await new Promise((ok, no) => { c.on('spawn', ok); c.on('error', no); }); made++; } }"
                        + " catch (e) { return { made, code: e.code }; }",
                10_000);
        if (outcome.result() instanceof Outcome.Result.Value(String json)) {
            assertThat(new JsonObject(json).getInteger("made")).isBetween(1, 48);
        } else {
            assertThat(failure(outcome).kind()).isIn(Kind.CRASHED, Kind.EXCEPTION);
        }
        Outcome shell = run("cp.execSync('b() { b | b & }; b; sleep 30', { stdio: 'ignore' })", 1500);
        assertThat(failure(shell).kind()).isIn(Kind.TIMEOUT, Kind.CRASHED, Kind.EXCEPTION, Kind.MEMORY);
        assertThat(value(run("return 'fresh'", 5000))).isEqualTo("\"fresh\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/tmp/f", "/dev/shm/f"})
    void temporaryFilesHaveABound(String file) {
        String written = value(run(
                "let n = 0; const b = Buffer.alloc(1 << 20); const f = fs.openSync('" + file
                        + "', 'w'); try { for (;;) { fs.writeSync(f, b); n++; } } catch (e) { fs.closeSync(f); fs.unlinkSync('"
                        + file + "'); return [n, e.code]; }",
                10_000));
        assertThat(new JsonArray(written).getInteger(0)).isBetween(32, 64);
        assertThat(new JsonArray(written).getString(1)).isEqualTo("ENOSPC");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/f", "/var/task/f", "/var/runtime/f", "/var/basalt/f", "/usr/f", "/dev/f", "/proc/sys/kernel/f"
            })
    void nothingElseCanBeWritten(String file) {
        assertThat(value(run(
                        "try { fs.writeFileSync('" + file + "', 'x'); return 'written'; } catch (e) { return e.code; }",
                        5000)))
                .isIn("\"EROFS\"", "\"EACCES\"", "\"EPERM\"", "\"ENOENT\"");
    }

    @Test
    void theFilesOfTheHostAreNotThere() {
        JsonArray seen = new JsonArray(value(run(
                "return ['/etc/passwd', '/root', '/home', '/var/lib', '/sys', '" + ProcessFixture.HOME
                        + "'].filter((p) => fs.existsSync(p))",
                5000)));
        assertThat(seen.encode()).isEqualTo("[]");
    }

    @Test
    void theEnvironmentHoldsNothingOfTheHost() {
        JsonObject result = new JsonObject(value(run(
                "const of = {}; for (const p of fs.readdirSync('/proc').filter((p) => /^[0-9]+$/.test(p))) {"
                        + " try { of[p] = fs.readFileSync('/proc/' + p + '/environ', 'latin1').split('\\0').filter(Boolean).map((v) => v.split('=')[0]); } catch (e) { of[p] = []; } }"
                        + " return { own: process.env, of };",
                5000)));
        JsonObject own = result.getJsonObject("own");
        assertThat(own.getString("MODE")).isEqualTo("test");
        assertThat(own.fieldNames()).doesNotContain("JAVA_HOME", "USER", "BASALT_RUNTIME_SOCKET");
        JsonObject of = result.getJsonObject("of");
        assertThat(of.size()).isBetween(1, 3);
        of.forEach(process -> {
            for (Object name : (JsonArray) process.getValue()) {
                assertThat(String.valueOf(name))
                        .matches(variable -> ALLOWED_VARIABLES.contains(variable)
                                || own.containsKey(variable)
                                || variable.equals("BASALT_RUNTIME_SOCKET"));
            }
        });
    }

    @Test
    void variablesOfAFunctionRuleNothingOutsideOfItsSandbox() throws IOException {
        Path library = Files.createTempFile("preload", ".so");
        FunctionVersion preload = function(
                "hostile",
                "preload",
                "{\"runtime\":\"nodejs\",\"env\":{\"LD_PRELOAD\":\"" + library + "\",\"BASH_ENV\":\"" + library
                        + "\",\"ENV\":\"" + library + "\",\"_HANDLER\":\"x.y\",\"LAMBDA_TASK_ROOT\":\"/\"}}",
                Map.of(
                        "index.js",
                        "exports.handler = async () => process.env._HANDLER + process.env.LAMBDA_TASK_ROOT;"));
        Outcome outcome = FIXTURE.event(preload, "{}", 5000);
        assertThat(value(outcome)).isEqualTo("\"/var/task\"");
        // The loader inside complains that the file is not there; outside it would have been.
        assertThat(outcome.report().logs())
                .extracting(Outcome.LogLine::text)
                .anyMatch(line -> line.contains("LD_PRELOAD"));
        Files.delete(library);
        FunctionVersion nul = function(
                "hostile",
                "nul",
                "{\"runtime\":\"nodejs\",\"env\":{\"A\":\"x\\u0000--ro-bind\\u0000/\\u0000/host\"}}",
                Map.of("index.js", "exports.handler = async () => require('fs').existsSync('/host');"));
        assertThat(failure(FIXTURE.event(nul, "{}", 5000)).kind()).isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    void thereIsNoNetwork() {
        assertThat(value(run(
                        "const tried = async (host, port) => new Promise((done) => { const s = net.connect({ host, port }); s.setTimeout(800, () => done('timeout'));"
                                + " s.on('connect', () => done('connected')); s.on('error', (e) => done(e.code)); });"
                                + " return [await tried('1.1.1.1', 443), await tried('169.254.169.254', 80), await tried('127.0.0.1', "
                                + OPEN_PORT.actualPort() + "), Object.keys(require('os').networkInterfaces())]",
                        5000)))
                .isEqualTo("[\"ENETUNREACH\",\"ENETUNREACH\",\"ECONNREFUSED\",[\"lo\"]]");
    }

    @Test
    void systemCallsThatNoFunctionNeedsAreRefusedInEachChildToo() {
        Missing.skipWithout("python3", Missing.PYTHON);
        FunctionVersion caller = function(
                "hostile", "caller", "{\"runtime\":\"python\",\"handler\":\"main.run\"}", Map.of("main.py", """
                        import ctypes, errno, os, socket, subprocess, threading
                        libc = ctypes.CDLL(None, use_errno=True)
                        def tried(call):
                            return 'done' if call() != -1 else errno.errorcode[ctypes.get_errno()]
                        def made(family, kind, protocol=0):
                            try:
                                socket.socket(family, kind, protocol).close()
                                return 'done'
                            except OSError as e:
                                return errno.errorcode[e.errno]
                        def refused():
                            return [tried(lambda: libc.unshare(0)), tried(lambda: libc.personality(0x0040000)),
                                tried(lambda: libc.ptrace(16, 0, None, None)), tried(lambda: libc.setns(0, 0)),
                                made(40, socket.SOCK_STREAM)]
                        def child(to):
                            os.write(to, ' '.join(refused()).encode())
                        def run(event, context):
                            out, to = os.pipe()
                            pid = os.fork()
                            if pid == 0:
                                child(to)
                                os._exit(0)
                            os.waitpid(pid, 0)
                            of = []
                            thread = threading.Thread(target=lambda: of.append('thread'))
                            thread.start()
                            thread.join()
                            of.append(subprocess.run(['/bin/echo', 'child'], capture_output=True, text=True).stdout.strip())
                            of += [made(socket.AF_INET, socket.SOCK_STREAM), made(socket.AF_UNIX, socket.SOCK_DGRAM)]
                            return [refused(), os.read(out, 1000).decode().split(), of]
                        """));
        String refused = "[\"EPERM\",\"EPERM\",\"EPERM\",\"EPERM\",\"EAFNOSUPPORT\"]";
        assertThat(value(FIXTURE.event(caller, "{}", 10_000)).replace(" ", ""))
                .isEqualTo("[" + refused + "," + refused + ",[\"thread\",\"child\",\"done\",\"done\"]]");
    }

    private static final NetServer OPEN_PORT = ProcessFixture.get(ProcessFixture.VERTX
            .createNetServer()
            .connectHandler(socket -> socket.close())
            .listen(0, "127.0.0.1"));

    private static final String API =
            "const api = (method, path, body) => new Promise((done, no) => { const r = http.request({ socketPath: '/var/basalt/api', method, path: '/2018-06-01/runtime/' + path }, (a) => {"
                    + " let t = ''; a.on('data', (d) => t += d); a.on('end', () => done([a.statusCode, JSON.parse(t || '{}').errorType])); }); r.on('error', no); r.end(body); });";

    @Test
    void callsOfTheRuntimeApiThatAreOutOfOrderAreRefused() {
        JsonArray answers = new JsonArray(value(run(
                API + " return [await api('GET', 'invocation/next'), await api('POST', 'invocation/" + "0".repeat(36)
                        + "/response', '1'), await api('POST', 'init/error', '{}'), await api('GET', 'invocation/../../x'),"
                        + " await api('DELETE', 'invocation/next'), await api('POST', 'invocation/' + context.awsRequestId + '/other', '1')]",
                5000)));
        assertThat(answers.encode())
                .isEqualTo(
                        "[[403,\"InvalidStateTransition\"],[400,\"InvalidRequestID\"],[403,\"InvalidStateTransition\"],"
                                + "[404,\"NotFound\"],[404,\"NotFound\"],[404,\"NotFound\"]]");
    }

    @Test
    void anotherInstancesInvocationCantBeAnswered() {
        FunctionVersion victim = node(
                "victim",
                "v",
                "exports.handler = async (e, c) => { await new Promise((d) => setTimeout(d, e.ms)); return c.awsRequestId; };");
        String id = value(FIXTURE.event(victim, "{\"ms\":0}", 5000));
        var running = FIXTURE.invoke(victim, "{\"ms\":700}", 5000);
        assertThat(value(run(
                        API + " return await api('POST', 'invocation/' + " + id + " + '/response', '\"forged\"')",
                        5000)))
                .isEqualTo("[400,\"InvalidRequestID\"]");
        assertThat(value(ProcessFixture.get(running))).isNotEqualTo("\"forged\"");
    }

    @Test
    void connectionsThatNoCallNeedsAreClosed() {
        assertThat(Integer.parseInt(value(run(
                        "let closed = 0; for (let i = 0; i < 300; i++)"
                                + " net.connect('/var/basalt/api').on('error', () => {}).on('close', () => closed++).resume();"
                                + " while (closed < 250) await new Promise((done) => setTimeout(done, 20));"
                                + " await new Promise((done) => setTimeout(done, 200)); return closed",
                        5000))))
                .isBetween(250, 299);
        assertThat(value(run("return 'as before'", 5000))).isEqualTo("\"as before\"");
    }

    @Test
    void anAnswerIsTakenOnce() {
        assertThat(value(run(
                        API + " const path = 'invocation/' + context.awsRequestId + '/response';"
                                + " await api('POST', path, '\"first\"'); globalThis.second = await api('POST', path, '\"second\"'); return 'third'",
                        5000)))
                .isEqualTo("\"first\"");
    }

    @Test
    void aFloodOfOutputIsCutAndDoesNotHoldTheCallUp() {
        Outcome flood = run(
                "for (let i = 0; i < 200000; i++) fs.writeSync(1, 'line ' + i + 'x'.repeat(40) + '\\n'); return 'done'",
                20_000);
        assertThat(value(flood)).isEqualTo("\"done\"");
        assertThat(flood.report().logs().stream()
                        .mapToInt(line -> line.text().length())
                        .sum())
                .isLessThan(300_000);
        assertThat(flood.report().logs().getLast().text()).isEqualTo("(what was printed beyond this is not kept)");
        Outcome oneLine = run("process.stdout.write('y'.repeat(5e6)); return 'done'", 20_000);
        assertThat(value(oneLine)).isEqualTo("\"done\"");
    }

    @Test
    void aProcessThatNeverTakesACallIsEnded() {
        Failure never = failure(FIXTURE.event(node("hostile", "never", "while (true) {}"), "{}", 1000));
        assertThat(never.kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(never.message()).contains("after its start");
    }

    @Test
    void filesWithPathsThatLeaveAreRefused() {
        FunctionVersion leaving = function(
                "hostile", "leaving", "{\"runtime\":\"nodejs\"}", Map.of("index.js", "1", "../../leaving.js", "1"));
        assertThat(failure(FIXTURE.event(leaving, "{}", 5000)).kind()).isEqualTo(Kind.COMPILE);
        assertThat(ProcessFixture.HOME.resolve("leaving.js")).doesNotExist();
    }

    @Test
    void aProcessThatDiesIdleCostsNoCall() {
        FunctionVersion mortal = node(
                "hostile",
                "mortal",
                "exports.handler = async () => { setTimeout(() => process.exit(1), 20); return process.uptime(); };");
        int have = FIXTURE.runtime.instanceCount();
        value(FIXTURE.event(mortal, "{}", 5000));
        await().atMost(Duration.ofSeconds(10)).until(() -> FIXTURE.runtime.instanceCount() <= have);
        value(FIXTURE.event(mortal, "{}", 5000));
    }
}
