package dev.basalt.functions.process;

import static dev.basalt.functions.process.ProcessFixture.answer;
import static dev.basalt.functions.process.ProcessFixture.failure;
import static dev.basalt.functions.process.ProcessFixture.function;
import static dev.basalt.functions.process.ProcessFixture.node;
import static dev.basalt.functions.process.ProcessFixture.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.functions.runtime.Outcome.LogLine;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Handlers for Node as Lambda and Basalt know them, each in a process of its own. */
class NodeRuntimeTest {
    private static final ProcessFixture FIXTURE = new ProcessFixture(Map.of());

    @BeforeAll
    static void needsNode() {
        Missing.skipWithout("node", Missing.NODE);
    }

    @AfterAll
    static void close() {
        FIXTURE.close();
    }

    @Test
    void aRequestIsLambdasPayloadAndItsAnswerAResponse() {
        FunctionVersion echo = node(
                "p1",
                "echo",
                "exports.handler = async (event, context) => { console.log('got', event.requestContext.http.method);"
                        + " return { statusCode: 201, headers: { 'x-a': 1 }, cookies: ['c=1', 'd=2'],"
                        + " body: JSON.stringify({ event, id: context.awsRequestId, left: context.getRemainingTimeInMillis(),"
                        + " caller: JSON.parse(context.clientContext.custom.basalt).caller, mode: process.env.MODE }) } };");
        Outcome first =
                FIXTURE.http(echo, "POST", "/a%20b?x=1&x=2&y=%26", "application/json", Buffer.buffer("{\"n\":1}"));
        assertThat(answer(first).status()).isEqualTo(201);
        assertThat(answer(first).headers())
                .contains(Map.entry("x-a", "1"), Map.entry("set-cookie", "c=1"), Map.entry("set-cookie", "d=2"));
        JsonObject body = answer(first).body().toJsonObject();
        JsonObject event = body.getJsonObject("event");
        assertThat(event.getString("version")).isEqualTo("2.0");
        assertThat(event.getString("rawPath")).isEqualTo("/a%20b");
        assertThat(event.getString("rawQueryString")).isEqualTo("x=1&x=2&y=%26");
        assertThat(event.getJsonObject("queryStringParameters").getMap())
                .containsEntry("x", "1,2")
                .containsEntry("y", "&");
        assertThat(event.getJsonArray("cookies").encode()).isEqualTo("[\"a=1\",\"b=2\"]");
        assertThat(event.getJsonObject("headers").getMap())
                .containsEntry("x-several", "one,two")
                .doesNotContainKey("cookie");
        assertThat(event.getString("body")).isEqualTo("{\"n\":1}");
        assertThat(event.getBoolean("isBase64Encoded")).isFalse();
        assertThat(body.getInteger("left")).isBetween(1, 10_000);
        assertThat(body.getJsonObject("caller").getString("name")).isEqualTo("Zo\u00eb");
        assertThat(body.getString("mode")).isEqualTo("test");
        assertThat(first.report().cold()).isTrue();
        assertThat(first.report().initMicros()).isPositive();
        assertThat(first.report().logs()).extracting(LogLine::text).containsExactly("got POST");
        Outcome second = FIXTURE.http(echo, "GET", "", "text/plain", Buffer.buffer());
        assertThat(second.report().cold()).isFalse();
        assertThat(second.report().runMicros()).isPositive();
        assertThat(answer(second).body().toJsonObject().getJsonObject("event").getString("rawPath"))
                .isEqualTo("/");
    }

    @Test
    void binaryBodiesGoBothWays() {
        FunctionVersion mirror = node(
                "p1",
                "mirror",
                "exports.handler = async (event) => ({ statusCode: 200, headers: { 'content-type': 'image/png' }, body: event.body, isBase64Encoded: event.isBase64Encoded });");
        Buffer bytes = Buffer.buffer(new byte[] {0, (byte) 0xff, 13, 10, (byte) 0x80});
        Outcome.Result.HttpAnswer answer = answer(FIXTURE.http(mirror, "PUT", "", "image/png", bytes));
        assertThat(answer.body()).isEqualTo(bytes);
        assertThat(answer.headers()).containsExactly(Map.entry("content-type", "image/png"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ a: 1 }|200|{\"a\":1}",
                "`text`|200|\"text\"",
                "undefined|200|null",
                "{ statusCode: '204' }|204|''",
                "{ statusCode: 200, body: { a: 1 } }|200|{\"a\":1}",
            })
    void plainAnswersAreJson(String answered, int status, String body) {
        Outcome.Result.HttpAnswer answer = answer(FIXTURE.http(
                node("p1", "plain", "exports.handler = async () => (" + answered + ");"),
                "GET",
                "",
                "text/plain",
                Buffer.buffer()));
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body().toString()).isEqualTo(body);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ statusCode: 700 }",
                "{ statusCode: 'ok' }",
                "{ statusCode: 200, headers: { 'x': 'a\\r\\nset-cookie: b' } }",
                "{ statusCode: 200, headers: { 'x y': 'a' } }",
                "{ statusCode: 200, body: '*', isBase64Encoded: true }",
            })
    void nonsenseIsNoResponse(String answered) {
        assertThat(failure(FIXTURE.http(
                                node("p1", "nonsense", "exports.handler = async () => (" + answered + ");"),
                                "GET",
                                "",
                                "text/plain",
                                Buffer.buffer()))
                        .kind())
                .isEqualTo(Failure.Kind.BAD_ANSWER);
    }

    @Test
    void anEventIsItselfAndItsAnswerAValue() {
        FunctionVersion add = node("p1", "add", "exports.handler = async (e) => ({ sum: e.a + e.b });");
        assertThat(value(FIXTURE.event(add, "{\"a\":1,\"b\":2}", 5000))).isEqualTo("{\"sum\":3}");
        FunctionVersion nothing = node("p1", "nothing", "exports.handler = async (e) => {};");
        assertThat(value(FIXTURE.event(nothing, "{}", 5000))).isEqualTo("null");
    }

    @Test
    void callbacksNestedNamesAndEcmaScriptModulesWork() {
        assertThat(value(FIXTURE.event(
                        node("p1", "callback", "exports.handler = (e, c, done) => setTimeout(() => done(null, 1), 5);"),
                        "{}",
                        5000)))
                .isEqualTo("1");
        assertThat(value(FIXTURE.event(
                        function(
                                "p1",
                                "nested",
                                "{\"runtime\":\"nodejs\",\"entrypoint\":\"src/app.mjs\",\"handler\":\"src/app.api.get\"}",
                                Map.of(
                                        "src/app.mjs",
                                        "import { n } from './n.mjs'; export const api = { get: () => n };",
                                        "src/n.mjs",
                                        "export const n = 7;")),
                        "{}",
                        5000)))
                .isEqualTo("7");
        assertThat(value(FIXTURE.event(
                        node(
                                "p1",
                                "module",
                                "import { sep } from 'node:path'; export const handler = async () => sep;"),
                        "{}",
                        5000)))
                .isEqualTo("\"/\"");
    }

    @Test
    void basaltsOwnSignatureRunsInNodeToo() {
        FunctionVersion own = function(
                "p1",
                "own",
                "{\"runtime\":\"nodejs\",\"signature\":\"basalt\",\"entrypoint\":\"index.mjs\"}",
                Map.of(
                        "index.mjs",
                        "export default { async fetch(request, env, ctx) { const url = new URL(request.url);"
                                + " return new Response(request.method + ' ' + url.pathname + ' ' + await request.text() + ' ' + env.MODE + ' ' + ctx.caller.id,"
                                + " { status: 202, headers: { 'x-b': '2' } }); } };"
                                + " export async function onEvent(event, ctx) { return { record: { ...event.record, by: ctx.caller.id } }; }"));
        Outcome.Result.HttpAnswer answer =
                answer(FIXTURE.http(own, "POST", "/sub?q=1", "text/plain", Buffer.buffer("h\u00e9")));
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body().toString()).isEqualTo("POST /functions/v1/own/sub h\u00e9 test u1");
        assertThat(answer.headers()).contains(Map.entry("x-b", "2"));
        assertThat(value(FIXTURE.event(own, "{\"record\":{\"id\":1}}", 5000)))
                .isEqualTo("{\"record\":{\"id\":1,\"by\":\"u1\"}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "exports.handler = async () => { throw new TypeError('no') };|EXCEPTION|TypeError|no",
                "exports.handler = async () => { throw 'text' };|EXCEPTION|string|text",
                "exports.handler = async () => 10n;|EXCEPTION|TypeError|Do not know how to serialize a BigInt",
                "exports.other = 1;|NO_HANDLER|Runtime.HandlerNotFound|index.js exports no function handler",
                "require('./missing');|COMPILE|Runtime.ImportModuleError|Cannot find module './missing'",
                "exports.handler = ;|COMPILE|Runtime.UserCodeSyntaxError|Unexpected token ';'",
                "throw new RangeError('at start');|EXCEPTION|RangeError|at start",
            })
    void failuresSayWhatWasWrong(String source, Failure.Kind kind, String name, String message) {
        Failure failure = failure(FIXTURE.event(node("p1", "failing", source), "{}", 5000));
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.name()).isEqualTo(name);
        assertThat(failure.message()).contains(message);
    }

    @Test
    void anErrorCarriesItsStackAndLeavesTheProcessWarm() {
        FunctionVersion mixed = node(
                "p1",
                "mixed",
                "let n = 0; exports.handler = async (e) => { n++; if (e.bad) throw new Error('x'); return n; };");
        assertThat(value(FIXTURE.event(mixed, "{}", 5000))).isEqualTo("1");
        assertThat(failure(FIXTURE.event(mixed, "{\"bad\":true}", 5000)).stack())
                .contains("index.js:1");
        assertThat(value(FIXTURE.event(mixed, "{}", 5000))).isEqualTo("3");
    }
}
