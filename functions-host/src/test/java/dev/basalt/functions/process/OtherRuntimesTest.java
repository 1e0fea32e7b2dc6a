package dev.basalt.functions.process;

import static dev.basalt.functions.process.ProcessFixture.answer;
import static dev.basalt.functions.process.ProcessFixture.binary;
import static dev.basalt.functions.process.ProcessFixture.failure;
import static dev.basalt.functions.process.ProcessFixture.function;
import static dev.basalt.functions.process.ProcessFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.Outcome;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Python, Java and whatever brings its own bootstrap; runtime clients of AWS as they are published. */
class OtherRuntimesTest {
    static final String JAVA_HANDLER = """
            package sample;
            import com.amazonaws.services.lambda.runtime.*;
            import java.util.Map;
            public class Handler implements RequestHandler<Map<String, Object>, Map<String, Object>> {
                static int calls;
                public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
                    if (event.containsKey("fail")) throw new IllegalStateException("as asked");
                    if (event.containsKey("exit")) Runtime.getRuntime().halt(7);
                    if (event.containsKey("fill")) { var all = new java.util.ArrayList<long[]>(); while (true) all.add(new long[1 << 20]); }
                    if (event.containsKey("command")) try { return Map.of("command", java.nio.file.Files.readString(java.nio.file.Path.of("/proc/self/cmdline"))); } catch (java.io.IOException e) { throw new IllegalStateException(e); }
                    context.getLogger().log("in java\\n");
                    return Map.of("calls", ++calls, "n", event.getOrDefault("n", 0), "id", context.getAwsRequestId(), "mode", System.getenv("MODE"));
                }
            }
            """;
    private static final ProcessFixture FIXTURE = new ProcessFixture(Map.of("init-timeout", "PT30S"));

    @AfterAll
    static void close() {
        FIXTURE.close();
    }

    static FunctionVersion javaFunction(String project, String name) throws IOException {
        return binary(
                project,
                name,
                "{\"runtime\":\"java\",\"handler\":\"sample.Handler::handleRequest\",\"memoryMb\":256}",
                Artifacts.together(Artifacts.compile("Handler", JAVA_HANDLER), Artifacts.jars("aws-", "utils-lite")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void pythonHandlersRun(String sandbox) {
        Missing.skipWithout("python3", Missing.PYTHON);
        try (ProcessFixture fixture = new ProcessFixture(Map.of("sandbox", sandbox, "cgroup", sandbox))) {
            FunctionVersion python = function(
                    "p",
                    "python",
                    "{\"runtime\":\"python\",\"handler\":\"main.run\"}",
                    Map.of("main.py", """
                            import json, os
                            from pkg import helper
                            def run(event, context):
                                print('in python')
                                if event.get('fail'): raise ValueError('no')
                                return {'sum': helper.add(event['a'], event['b']), 'mode': os.environ['MODE'], 'left': context.get_remaining_time_in_millis() > 0,
                                  'caller': json.loads(context.client_context['custom']['basalt'])['caller']['name']}
                            """, "pkg/__init__.py", "", "pkg/helper.py", "def add(a, b): return a + b\n"));
            Outcome outcome = fixture.event(python, "{\"a\":1,\"b\":2}", 5000);
            assertThat(new JsonObject(value(outcome)))
                    .isEqualTo(new JsonObject("{\"sum\":3,\"mode\":\"test\",\"left\":true,\"caller\":\"Zo\u00eb\"}"));
            assertThat(outcome.report().logs())
                    .extracting(Outcome.LogLine::text)
                    .contains("in python");
            Failure failure = failure(fixture.event(python, "{\"fail\":true}", 5000));
            assertThat(failure.name()).isEqualTo("ValueError");
            assertThat(failure.stack()).contains("main.py\", line 5");
            assertThat(answer(fixture.http(
                                    function(
                                            "p",
                                            "pyhttp",
                                            "{\"runtime\":\"python\"}",
                                            Map.of(
                                                    "main.py",
                                                    "def handler(e, c): return {'statusCode': 203, 'body': e['rawPath']}")),
                                    "GET",
                                    "/x",
                                    "text/plain",
                                    Buffer.buffer()))
                            .body()
                            .toString())
                    .isEqualTo("/x");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "def other(): pass|NO_HANDLER",
                "import missing_module|COMPILE",
                "def handler(:|COMPILE",
                "raise KeyError('x')|EXCEPTION",
                "import os; os._exit(4)|CRASHED",
            })
    void pythonThatCantStartSaysWhy(String source, Failure.Kind kind) {
        Missing.skipWithout("python3", Missing.PYTHON);
        assertThat(failure(FIXTURE.event(
                                function("p", "broken", "{\"runtime\":\"python\"}", Map.of("main.py", source)),
                                "{}",
                                5000))
                        .kind())
                .isEqualTo(kind);
    }

    @Test
    void javaRunsByTheRuntimeInterfaceClientAsPublished() throws IOException {
        FunctionVersion java = javaFunction("p", "java");
        Outcome first = FIXTURE.event(java, "{\"n\":5}", 10_000);
        JsonObject answer = new JsonObject(value(first));
        assertThat(answer.getInteger("n")).isEqualTo(5);
        assertThat(answer.getString("mode")).isEqualTo("test");
        assertThat(first.report().logs()).extracting(Outcome.LogLine::text).contains("in java");
        Failure failure = failure(FIXTURE.event(java, "{\"fail\":1}", 10_000));
        assertThat(failure.kind()).isEqualTo(Failure.Kind.EXCEPTION);
        assertThat(failure.name()).isEqualTo("java.lang.IllegalStateException");
        assertThat(failure.message()).isEqualTo("as asked");
        assertThat(new JsonObject(value(FIXTURE.event(java, "{}", 10_000))).getInteger("calls"))
                .isEqualTo(2);
        assertThat(failure(FIXTURE.event(java, "{\"exit\":1}", 10_000)).message())
                .isEqualTo("the process exited with code 7");
        assertThat(failure(FIXTURE.event(java, "{\"fill\":1}", 10_000)).kind())
                .isIn(Failure.Kind.MEMORY, Failure.Kind.CRASHED, Failure.Kind.EXCEPTION);
        assertThat(new JsonObject(value(FIXTURE.event(java, "{}", 10_000))).getInteger("calls"))
                .isEqualTo(1);
    }

    @Test
    void anArchiveOfAJavaFunctionsClassesIsMadeAndUsed() throws IOException {
        if (!FIXTURE.runtime.isolation().reason().isEmpty()) {
            Missing.skipWithout("sandbox", Optional.empty());
        }
        Path archives = ProcessFixture.HOME.resolve("archives");
        TaskDirectory.delete(archives);
        try (ProcessFixture fixture = new ProcessFixture(Map.of("init-timeout", "PT30S"))) {
            assertThat(value(fixture.event(javaFunction("p", "archived"), "{\"command\":1}", 10_000)))
                    .doesNotContain("-XX:AOTCache");
            await().atMost(Duration.ofSeconds(60)).until(() -> archive(archives));
        }
        try (ProcessFixture fixture = new ProcessFixture(Map.of("init-timeout", "PT30S"))) {
            assertThat(value(fixture.event(javaFunction("p", "archived"), "{\"command\":1}", 10_000)))
                    .contains("-XX:AOTCache=/var/classes.aot");
        }
    }

    private static boolean archive(Path archives) throws IOException {
        if (!Files.isDirectory(archives)) {
            return false;
        }
        try (Stream<Path> made = Files.list(archives)) {
            return made.anyMatch(path -> path.toString().endsWith(".aot"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"by perl", "by a JVM"})
    void aBootstrapOfAnyKindRuns(String bridge) {
        Missing.skipWithout("perl", Optional.of(Path.of("/usr/bin/perl")));
        FunctionVersion perl =
                function("p", "perl", "{\"runtime\":\"provided\",\"handler\":\"any\"}", Map.of("bootstrap", """
                        #!/usr/bin/perl
                        use IO::Socket::INET;
                        my $api = $ENV{AWS_LAMBDA_RUNTIME_API};
                        sub call { my ($method, $path, $body) = @_;
                          my $s = IO::Socket::INET->new(PeerAddr => $api) or die "no connection to $api";
                          print $s "$method /2018-06-01/runtime/$path HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\nContent-Length: " . length($body) . "\\r\\n\\r\\n$body"; $s->flush;
                          local $/; return scalar <$s>; }
                        print "handler $ENV{_HANDLER}\\n"; $| = 1;
                        while (1) { my $r = call('GET', 'invocation/next', '');
                          my ($id) = $r =~ /Request-Id: (\\S+)/i; my ($event) = $r =~ /\\r\\n\\r\\n(.*)/s;
                          call('POST', "invocation/$id/response", "{\\"got\\":$event}"); }
                        """));
        try (ProcessFixture fixture = new ProcessFixture(Missing.bridge(bridge))) {
            Outcome outcome = fixture.event(perl, "{\"x\":1}", 10_000);
            assertThat(value(outcome)).isEqualTo("{\"got\":{\"x\":1}}");
            assertThat(value(fixture.event(perl, "{}", 10_000))).isEqualTo("{\"got\":{}}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void nodeRunsByTheRuntimeInterfaceClientAsPublished(String sandbox) throws IOException {
        Missing.skipWithout("node", Missing.NODE);
        Missing.skipWithout(
                "aws-lambda-ric, built by npm ci in conformance/runtimes (needs autoconf automake libtool cmake)",
                Artifacts.npm("aws-lambda-ric/dist/rapid-client.node"));
        FunctionVersion ric = binary(
                "p",
                "ric",
                "{\"runtime\":\"provided\",\"handler\":\"index.handler\",\"memoryMb\":256}",
                Artifacts.together(
                        Artifacts.nodeModules(path -> path.startsWith("aws-lambda-ric/dist/")
                                || path.startsWith("aws-lambda-ric/bin/")
                                || path.equals("aws-lambda-ric/package.json")),
                        Map.of(
                                "bootstrap",
                                Buffer.buffer("#!/bin/sh\nexec " + Missing.NODE.orElseThrow()
                                        + " node_modules/aws-lambda-ric/bin/index.mjs \"$_HANDLER\"\n"),
                                "index.js",
                                Buffer.buffer(
                                        "let n = 0; exports.handler = async (e, c) => { if (e.bad) throw new RangeError('bad'); console.log('in node'); return { n: ++n, x: e.x, caller: JSON.parse(c.clientContext.custom.basalt).caller.id }; };"))));
        try (ProcessFixture fixture =
                new ProcessFixture(Map.of("init-timeout", "PT30S", "sandbox", sandbox, "cgroup", sandbox))) {
            Outcome outcome = fixture.event(ric, "{\"x\":\"\u00e9\"}", 10_000);
            assertThat(value(outcome)).isEqualTo("{\"n\":1,\"x\":\"\u00e9\",\"caller\":\"u1\"}");
            assertThat(outcome.report().logs())
                    .extracting(Outcome.LogLine::text)
                    .anyMatch(line -> line.contains("in node"));
            assertThat(failure(fixture.event(ric, "{\"bad\":true}", 10_000)).name())
                    .isEqualTo("RangeError");
            assertThat(new JsonObject(value(fixture.event(ric, "{}", 10_000))).getInteger("n"))
                    .isEqualTo(2);
        }
    }
}
