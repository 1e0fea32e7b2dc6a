package dev.basalt.functions.process;

import static dev.basalt.functions.process.ProcessFixture.answer;
import static dev.basalt.functions.process.ProcessFixture.binary;
import static dev.basalt.functions.process.ProcessFixture.failure;
import static dev.basalt.functions.process.ProcessFixture.function;
import static dev.basalt.functions.process.ProcessFixture.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.functions.runtime.Artifact;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.kit.function.FunctionManifest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Functions as they are written for other platforms, one sample each, in processes of their own. */
class SignaturesTest {
    private static final String EVENT =
            "{\"specversion\":\"1.0\",\"id\":\"e1\",\"type\":\"row.insert\",\"source\":\"/public/t\",\"subject\":\"\u00e9 x\",\"data\":{\"n\":1}}";
    private static final ProcessFixture FIXTURE = new ProcessFixture(Map.of("init-timeout", "PT30S"));

    @BeforeAll
    static void needsNode() {
        Missing.skipWithout("node", Missing.NODE);
    }

    @AfterAll
    static void close() {
        FIXTURE.close();
    }

    private static String text(Outcome outcome) {
        return answer(outcome).status() + " " + answer(outcome).body();
    }

    private static Outcome post(FunctionVersion function, String path, String json) {
        return FIXTURE.http(function, "POST", path, "application/json", Buffer.buffer(json));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "return { hello: params.name + params.q, method: params.__ow_method, path: params.__ow_path }|200 {\"hello\":\"Ann1\",\"method\":\"post\",\"path\":\"/x\"}",
                "return { statusCode: 201, headers: { 'content-type': 'text/plain' }, body: params.name }|201 Ann",
                "return { body: { a: 1 } }|200 {\"a\":1}",
                "return { headers: { 'content-type': 'image/png' }, body: Buffer.from('png').toString('base64') }|200 png",
                "return { error: { statusCode: 404, body: 'none' } }|404 none",
                "return { error: 'bad' }|400 {\"error\":\"bad\"}",
                "return Promise.resolve({ statusCode: 204 })|204 ",
                "return { forged: params.__ow_user }|200 {\"forged\":\"u1\"}",
            })
    void openWhiskActionsRun(String body, String expected) {
        FunctionVersion action = function(
                "p",
                "action",
                "{\"runtime\":\"nodejs\",\"signature\":\"openwhisk\"}",
                Map.of("index.js", "function main(params) { " + body + " }"));
        assertThat(text(post(action, "/x?q=1", "{\"name\":\"Ann\",\"__ow_user\":\"forged\"}"))
                        .strip())
                .isEqualTo(expected.strip());
    }

    @Test
    void openWhiskActionsOfPythonRun() {
        Missing.skipWithout("python3", Missing.PYTHON);
        FunctionVersion action = function(
                "p",
                "pyaction",
                "{\"runtime\":\"python\",\"signature\":\"openwhisk\"}",
                Map.of("main.py", "def main(params):\n    return {'body': params['name'] + params['__ow_method']}"));
        assertThat(text(post(action, "", "{\"name\":\"Ann\"}"))).isEqualTo("200 Annpost");
    }

    @Test
    void openWhisksContainerProtocolIsSpoken() {
        FunctionVersion container = function(
                "p",
                "container",
                "{\"runtime\":\"provided\",\"signature\":\"openwhisk\",\"handler\":\"run\"}",
                Map.of("bootstrap", "#!" + Missing.NODE.orElseThrow() + "\n" + """
                                let init;
                                require('node:http').createServer((request, response) => {
                                  let text = '';
                                  request.on('data', (d) => (text += d)).on('end', () => {
                                    const body = JSON.parse(text);
                                    if (request.url === '/init') { init = body.value; response.end('{"ok":true}'); return; }
                                    if (body.value.fail) { response.statusCode = 502; response.end('{"error":"x"}'); return; }
                                    console.log('run', body.action_name);
                                    response.end(JSON.stringify({ main: init.main, name: body.value.name, deadline: Number(body.deadline) > Date.now() }));
                                  });
                                }).listen(8080);
                                """));
        assertThat(text(post(container, "", "{\"name\":\"Ann\"}")))
                .isEqualTo("200 {\"main\":\"run\",\"name\":\"Ann\",\"deadline\":true}");
        assertThat(failure(post(container, "", "{\"fail\":1}")).message()).contains("/run answered 502");
        assertThat(new JsonObject(value(FIXTURE.event(container, "{\"name\":\"Bob\"}", 5000))).getString("name"))
                .isEqualTo("Bob");
    }

    @Test
    void kubelessHandlersRun() {
        FunctionVersion kubeless = function(
                "p",
                "kubeless",
                "{\"runtime\":\"nodejs\",\"signature\":\"kubeless\",\"handler\":\"index.hello\"}",
                Map.of(
                        "index.js",
                        "module.exports = { hello: (event, context) => event.data.text ? event.data.text : ({ data: event.data, type: event['event-type'], fn: context['function-name'], method: event.extensions?.request.method }) };"));
        assertThat(text(post(kubeless, "", "{\"n\":1}")))
                .isEqualTo("200 {\"data\":{\"n\":1},\"type\":\"\",\"fn\":\"kubeless\",\"method\":\"POST\"}");
        assertThat(text(post(kubeless, "", "{\"text\":\"plain\"}"))).isEqualTo("200 plain");
        assertThat(value(FIXTURE.event(kubeless, EVENT, 5000)))
                .isEqualTo("{\"data\":{\"n\":1},\"type\":\"row.insert\",\"fn\":\"kubeless\"}");
    }

    @Test
    void kubelessHandlersOfPythonRun() {
        Missing.skipWithout("python3", Missing.PYTHON);
        FunctionVersion kubeless = function(
                "p",
                "pykubeless",
                "{\"runtime\":\"python\",\"signature\":\"kubeless\",\"entrypoint\":\"hello.py\",\"handler\":\"hello.hello\"}",
                Map.of(
                        "hello.py",
                        "def hello(event, context):\n    return event['data']['name'] + context['memory-limit']"));
        assertThat(text(post(kubeless, "", "{\"name\":\"Ann\"}"))).isEqualTo("200 Ann128M");
    }

    @Test
    void theFunctionsFrameworkForNodeRuns() throws IOException {
        FunctionVersion framework = Artifacts.framework(
                "framework",
                "\"handler\":\"hello\"",
                "const functions = require('@google-cloud/functions-framework'); functions.http('hello', (req, res) => { res.status(203).set('x-f', '1').send(`${req.method} ${req.path} ${req.query.a} ${req.body.name}`); });");
        Outcome outcome = post(framework, "/deep/path?a=b", "{\"name\":\"Ann\"}");
        assertThat(text(outcome)).isEqualTo("203 POST /deep/path b Ann");
        assertThat(answer(outcome).headers()).contains(Map.entry("x-f", "1"));
    }

    @Test
    void theFunctionsFrameworkForNodeTakesCloudEvents() throws IOException {
        FunctionVersion framework = Artifacts.framework(
                "frameworkevent",
                "\"handler\":\"heard\"",
                "const functions = require('@google-cloud/functions-framework'); functions.cloudEvent('heard', (e) => { if (e.data.n !== 1) throw new Error('no'); console.log(e.type, e.source, e.data.n); });");
        Outcome outcome = FIXTURE.event(framework, EVENT, 10_000);
        assertThat(outcome.result()).isNotInstanceOf(Outcome.Result.Failed.class);
        assertThat(outcome.report().logs())
                .extracting(Outcome.LogLine::text)
                .anyMatch(line -> line.contains("row.insert"));
        assertThat(failure(FIXTURE.event(framework, EVENT.replace("\"n\":1", "\"n\":2"), 10_000))
                        .kind())
                .isEqualTo(Failure.Kind.EXCEPTION);
    }

    @Test
    void theJavaFunctionsFrameworkRuns() throws IOException {
        FunctionVersion framework = binary(
                "p",
                "javaframework",
                "{\"runtime\":\"java\",\"signature\":\"functions-framework\",\"handler\":\"sample.Hello\",\"memoryMb\":256}",
                Artifacts.together(Artifacts.compile("Hello", """
                                package sample;
                                import com.google.cloud.functions.*;
                                public class Hello implements HttpFunction {
                                    public void service(HttpRequest request, HttpResponse response) throws Exception {
                                        response.setStatusCode(203);
                                        response.getWriter().write(request.getMethod() + " " + request.getPath() + " " + request.getFirstQueryParameter("a").orElse(""));
                                    }
                                }
                                """), Artifacts.jars("java-function-invoker")));
        assertThat(text(post(framework, "/deep?a=b", "{}"))).isEqualTo("203 POST /deep b");
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void azuresCustomHandlersRun(String sandbox) {
        Map<String, String> handler = Map.of("handler.js", """
                require('node:http').createServer((request, response) => {
                  let text = '';
                  request.on('data', (d) => (text += d)).on('end', () => {
                    const call = JSON.parse(text);
                    const req = call.Data.req;
                    response.setHeader('content-type', 'application/json');
                    response.end(JSON.stringify(req
                      ? { Outputs: { res: { statusCode: 202, headers: { 'x-h': 'y' }, body: request.url + ' ' + req.Method + ' ' + JSON.parse(req.Body).name } }, Logs: ['a line'] }
                      : { ReturnValue: { got: call.Data.event.data.n } }));
                  });
                }).listen(process.env.FUNCTIONS_CUSTOMHANDLER_PORT);
                """);
        try (ProcessFixture fixture =
                new ProcessFixture(Map.of("init-timeout", "PT30S", "sandbox", sandbox, "cgroup", sandbox))) {
            FunctionVersion azure = function(
                    "p",
                    "azure",
                    "{\"runtime\":\"nodejs\",\"signature\":\"azure\",\"entrypoint\":\"handler.js\"}",
                    handler);
            Outcome outcome = fixture.http(azure, "POST", "", "application/json", Buffer.buffer("{\"name\":\"Ann\"}"));
            assertThat(text(outcome)).isEqualTo("202 /azure POST Ann");
            assertThat(answer(outcome).headers()).contains(Map.entry("x-h", "y"));
            assertThat(outcome.report().logs())
                    .extracting(Outcome.LogLine::text)
                    .contains("a line");
            assertThat(value(fixture.event(azure, EVENT, 5000))).isEqualTo("{\"got\":1}");
        }
    }

    @Test
    void azuresCustomHandlersMayHaveRequestsForwarded() {
        FunctionVersion azure = function(
                "p",
                "forwarding",
                "{\"runtime\":\"nodejs\",\"signature\":\"azure\",\"entrypoint\":\"handler.js\"}",
                Map.of(
                        "host.json",
                        "{\"version\":\"2.0\",\"customHandler\":{\"enableForwardingHttpRequest\":true}}",
                        "handler.js",
                        "require('node:http').createServer((q, a) => { a.end(q.method + ' ' + q.url + ' ' + q.headers['x-several']); }).listen(process.env.FUNCTIONS_CUSTOMHANDLER_PORT);"));
        assertThat(text(FIXTURE.http(azure, "GET", "/?a=1", "text/plain", Buffer.buffer())))
                .isEqualTo("200 GET /api/forwarding?a=1 one, two");
    }

    @Test
    void aServerOfOnesOwnTakesRequestsAndCloudEvents() {
        FunctionVersion server = function(
                "p",
                "server",
                "{\"runtime\":\"provided\",\"signature\":\"basalt\",\"concurrency\":4}",
                Map.of(
                        "bootstrap",
                        "#!" + Missing.NODE.orElseThrow() + "\n"
                                + "require('node:http').createServer((q, a) => { let t = ''; q.on('data', (d) => t += d).on('end', () => {"
                                + " if (t.includes('big')) { a.end('x'.repeat(7e6)); return; } if (t === 'cut') { a.writeHead(200, { 'content-length': 10 }); a.write('abc'); setTimeout(() => a.destroy(), 20); return; }"
                                + " a.end(JSON.stringify({ type: q.headers['ce-type'], subject: q.headers['ce-subject'], t, url: q.url })); }); }).listen(process.env.PORT);"));
        assertThat(text(FIXTURE.http(server, "PUT", "/a?b", "text/plain", Buffer.buffer("body"))))
                .isEqualTo("200 {\"t\":\"body\",\"url\":\"/a?b\"}");
        assertThat(value(FIXTURE.event(server, EVENT, 5000)))
                .isEqualTo(
                        "{\"type\":\"row.insert\",\"subject\":\"%C3%A9%20x\",\"t\":\"{\\\"n\\\":1}\",\"url\":\"/\"}");
        assertThat(ProcessFixture.get(ProcessFixture.read(ProcessFixture.stream(
                                FIXTURE.http(server, "PUT", "", "text/plain", Buffer.buffer("big")))))
                        .length())
                .isEqualTo(7_000_000);
        assertThat(failure(FIXTURE.event(
                                server,
                                "{\"specversion\":\"1.0\",\"datacontenttype\":\"text/plain\",\"data\":\"big\"}",
                                5000))
                        .kind())
                .isEqualTo(Failure.Kind.TOO_LARGE);
        assertThat(failure(FIXTURE.http(server, "PUT", "", "text/plain", Buffer.buffer("cut")))
                        .kind())
                .isEqualTo(Failure.Kind.CRASHED);
        assertThat(text(FIXTURE.http(server, "GET", "", "text/plain", Buffer.buffer())))
                .startsWith("200");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"runtime\":\"nodejs\",\"signature\":\"functions-framework\"}|functions-framework needs @google-cloud/functions-framework",
                "{\"runtime\":\"java\",\"handler\":\"a.B\"}|needs com.amazonaws:aws-lambda-java-runtime-interface-client",
                "{\"runtime\":\"java\",\"signature\":\"openwhisk\"}|signature openwhisk is not available with runtime java",
                "{\"runtime\":\"python\",\"signature\":\"basalt\"}|signature basalt is not available with runtime python",
                "{\"runtime\":\"provided\",\"signature\":\"kubeless\"}|signature kubeless is not available with runtime provided",
            })
    void whatIsNotOnOfferIsSaidAtDeployment(String manifest, String message) {
        Optional<Failure> failure = ProcessFixture.get(FIXTURE.runtime.check(
                FunctionManifest.parse(new JsonObject(manifest)), new Artifact("index.js", Map.of())));
        assertThat(failure).get().extracting(Failure::message).asString().contains(message);
    }
}
